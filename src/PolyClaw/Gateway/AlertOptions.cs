namespace PolyClaw.Gateway;

/// <summary>What an alert sets off: the settings under <c>Alerts</c>.</summary>
internal sealed class AlertOptions
{
    /// <summary>
    /// The goal that is carried out when an alert fires, by the alert's name (its label <c>alertname</c>). The goal is the operator's: nothing of the
    /// alert gets into it. Default none: alerts are taken and set off nothing.
    /// </summary>
    public IDictionary<string, string> Goals { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Names;

/// <summary>Names of child servers and services: a DNS label that does not begin with <c>polyclaw-</c>, which is ours.</summary>
public static class ServerName
{
    private const string Reserved = "polyclaw-";

    /// <summary>Judges a name as it stands; nothing is trimmed, folded or repaired.</summary>
    /// <param name="text">The name.</param>
    /// <param name="path">Where it stands, a JSON pointer.</param>
    /// <returns>What is wrong, or nothing.</returns>
    public static Fault? Check(string? text, string path) =>
        DnsLabel.Check(text, path, "server name")
        ?? (text!.StartsWith(Reserved, StringComparison.Ordinal)
            ? new Fault("invalid_name", $"{CodePoints.Show(text)} is no server name: names that begin with {Reserved} are PolyClaw's own", path, "choose another beginning")
            : null);
}

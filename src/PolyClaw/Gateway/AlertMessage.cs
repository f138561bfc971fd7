using System.Text.Json.Serialization;

namespace PolyClaw.Gateway;

/// <summary>What Alertmanager posts, as far as it is read (prometheus.io/docs/alerting/latest/configuration/#webhook_config, version 4).</summary>
/// <param name="Alerts">The alerts of one group.</param>
internal sealed record AlertMessage(IReadOnlyList<Alert>? Alerts = null);

/// <summary>One alert.</summary>
/// <param name="Status"><c>firing</c> or <c>resolved</c>.</param>
/// <param name="Labels">Its labels; <c>alertname</c> says which it is.</param>
internal sealed record Alert(string? Status = null, IReadOnlyDictionary<string, string>? Labels = null);

/// <summary>What became of a message.</summary>
/// <param name="Runs">The runs that it set off, or that an earlier one did and that go on.</param>
/// <param name="Ignored">Alerts that set off nothing, as the settings say nothing of them.</param>
internal sealed record AlertAnswer(IReadOnlyList<string> Runs, IReadOnlyList<string> Ignored);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = 16)]
[JsonSerializable(typeof(AlertMessage))]
[JsonSerializable(typeof(AlertAnswer))]
internal sealed partial class AlertJson : JsonSerializerContext;

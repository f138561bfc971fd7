using System.Text.Json.Serialization;

namespace PolyClaw.Cli;

/// <summary>What <c>--json</c> prints beyond the surface's own forms.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(List<Finding>))]
internal sealed partial class CliJson : JsonSerializerContext;

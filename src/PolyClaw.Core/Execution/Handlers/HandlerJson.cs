using System.Text.Json.Serialization;

namespace PolyClaw.Core.Execution.Handlers;

/// <summary>How handlers write the data that later steps refer to.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CreatedServer))]
[JsonSerializable(typeof(Availability))]
[JsonSerializable(typeof(AnswerData))]
[JsonSerializable(typeof(ReportData))]
[JsonSerializable(typeof(TextData))]
[JsonSerializable(typeof(Services.Control.ServiceData))]
[JsonSerializable(typeof(ValidationData))]
internal sealed partial class HandlerJson : JsonSerializerContext;

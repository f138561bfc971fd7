using System.Text.Json.Serialization;
using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Journal;

/// <summary>How events lie on disk. Strict: an event that this build cannot read stops the start, it is never skipped.
/// Nulls are written, since a reader that demands every parameter could not tell a left-out one from a lost one.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    AllowOutOfOrderMetadataProperties = true,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(JournalEvent))]
[JsonSerializable(typeof(ServerRecord))]
[JsonSerializable(typeof(ServiceRecord))]
[JsonSerializable(typeof(RunStatus))]
internal sealed partial class JournalJson : JsonSerializerContext;

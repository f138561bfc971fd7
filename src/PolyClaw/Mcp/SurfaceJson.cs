using System.Text.Json.Serialization;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Services;
using PolyClaw.Mcp.Resources;
using PolyClaw.Mcp.Tools;

namespace PolyClaw.Mcp;

/// <summary>How the surface stands on the wire.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(RunView))]
[JsonSerializable(typeof(RunPage))]
[JsonSerializable(typeof(ServerView))]
[JsonSerializable(typeof(ServerPage))]
[JsonSerializable(typeof(ServiceView))]
[JsonSerializable(typeof(ServicePage))]
[JsonSerializable(typeof(ListServicesArguments))]
[JsonSerializable(typeof(ToolPage))]
[JsonSerializable(typeof(EventPage))]
[JsonSerializable(typeof(Fault))]
[JsonSerializable(typeof(PlanAndExecuteArguments))]
[JsonSerializable(typeof(CreateServerArguments))]
[JsonSerializable(typeof(GetRunArguments))]
[JsonSerializable(typeof(AnswerRunArguments))]
[JsonSerializable(typeof(CancelRunArguments))]
[JsonSerializable(typeof(ListRunsArguments))]
[JsonSerializable(typeof(ListServersArguments))]
[JsonSerializable(typeof(FindToolsArguments))]
[JsonSerializable(typeof(RemoveServerArguments))]
internal sealed partial class SurfaceJson : JsonSerializerContext;

using System.Text.Json.Serialization;
using PolyClaw.Core.Servers;
using PolyClaw.Core.Services;

namespace PolyClaw.Core.Actions;

/// <summary>How action parameters stand on the wire: snake_case, and strict with what a model wrote.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowOutOfOrderMetadataProperties = true,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(PlanAction.CheckResourceAvailability))]
[JsonSerializable(typeof(ServerSpec))]
[JsonSerializable(typeof(PlanAction.CallTool))]
[JsonSerializable(typeof(PlanAction.DecommissionMcpServer))]
[JsonSerializable(typeof(ServiceSpec))]
[JsonSerializable(typeof(PlanAction.ValidateService))]
[JsonSerializable(typeof(PlanAction.ShiftTraffic))]
[JsonSerializable(typeof(PlanAction.Autoscale))]
[JsonSerializable(typeof(PlanAction.DeleteService))]
[JsonSerializable(typeof(PlanAction.UndoService))]
[JsonSerializable(typeof(PlanAction.AskUser))]
[JsonSerializable(typeof(PlanAction.Report))]
[JsonSerializable(typeof(PlanAction.Done))]
internal sealed partial class ActionJson : JsonSerializerContext;

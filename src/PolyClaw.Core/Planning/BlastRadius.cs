using PolyClaw.Core.Actions;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Planning;

/// <summary>What a plan would create, call, reach and destroy, a line each: what a person approves.</summary>
public static class BlastRadius
{
    /// <summary>The lines, in the order of the plan.</summary>
    /// <param name="steps">The plan's steps.</param>
    public static IReadOnlyList<string> Of(IEnumerable<PlanStep> steps) => [.. steps.Select(s => Line(s.Action)).OfType<string>()];

    private static string? Line(PlanAction action) => action switch
    {
        PlanAction.CreateMcpServer { Spec: { Source: ServerSource.Remote remote } spec } => $"reaches {remote.Url} as server {spec.Name}",
        PlanAction.CreateMcpServer { Spec: { Source: ServerSource.Image image } spec } => $"creates server {spec.Name} from image {image.Reference}",
        PlanAction.CreateMcpServer { Spec: { Source: ServerSource.Tools tools } spec } => $"creates server {spec.Name} with {tools.Definitions.Count} tools of its own code",
        PlanAction.CreateMcpServer { Spec: { Source: ServerSource.Host } spec } => $"reserves capacity as host server {spec.Name}{(spec.Location is null ? "" : " at " + spec.Location)}",
        PlanAction.DeployService { Spec: var spec } => $"deploys service {spec.Name}: {Services.ServiceDefaults.ReplicasOf(spec)} replicas of {spec.Image ?? "the image that the settings name"}",
        PlanAction.ShiftTraffic shift => $"gives version {shift.Version} of service {shift.Name} {shift.Weight ?? 100} % of its traffic",
        PlanAction.Autoscale scale => $"changes how many replicas service {scale.Name} has",
        PlanAction.DeleteService gone => $"destroys service {gone.Name} and its data",
        PlanAction.CallTool call => $"calls {call.Server}.{call.Tool}",
        PlanAction.DecommissionMcpServer gone => $"destroys server {gone.Name}",
        _ => null,
    };
}

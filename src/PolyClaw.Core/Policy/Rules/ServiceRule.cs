using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Names;
using PolyClaw.Core.Servers;
using PolyClaw.Core.Services.Scaling;

namespace PolyClaw.Core.Policy.Rules;

/// <summary>What is done to a service is possible as it stands: it exists, nothing else is being done to it, the version is known.</summary>
internal sealed class ServiceRule : IPolicyRule
{
    public string Name => "service";

    public IEnumerable<Fault> Judge(GateRequest request, PolicyContext context)
    {
        if (context.Service is not { } service)
            return [];
        return (request.Action, service.Known) switch
        {
            (PlanAction.DeployService, { } known) => Busy(known, service.Mine),
            (PlanAction.DeployService, null) => Engine(context),
            (_, null) => [new Fault("", $"there is no service {CodePoints.Show(service.Name)}", "/name", "one that list_services names, or deploy it first")],
            (PlanAction.ShiftTraffic shift, { } known) => OfShift(shift, known, service.Mine),
            (PlanAction.Autoscale scale, { } known) => OfScale(scale, known),
            _ => [],
        };
    }

    private static IEnumerable<Fault> Engine(PolicyContext context)
    {
        if (context.Isolation is not Isolation.Container)
            yield return new Fault("", "services run in containers, and no container engine answers here", null, "start a container engine; 'polyclaw doctor' says what was looked for");
    }

    private static IEnumerable<Fault> Busy(ServiceRecord known, bool mine)
    {
        if (known.IsRolling && !mine)
            yield return new Fault(
                "", $"version {known.Rollout!.Order.NewVersion} of {known.Name} is being brought up", "/name",
                $"wait until it has ended ('services show {known.Name}'), or cancel its run");
    }

    private static IEnumerable<Fault> OfShift(PlanAction.ShiftTraffic shift, ServiceRecord known, bool mine)
    {
        foreach (var fault in Busy(known, mine))
            yield return fault;
        if (shift.Weight is < 1 or > 100)
            yield return new Fault("", $"weight is {shift.Weight}", "/weight", "1 to 100 percent");
        if (known.Version(shift.Version) is null)
            yield return new Fault("", $"{known.Name} has no version {shift.Version}", "/version", $"one of {string.Join(", ", known.Versions.Select(version => version.Number))}");
        else if (shift.Version == known.Stable && !known.IsRolling)
            yield return new Fault("", $"version {shift.Version} of {known.Name} has all the traffic", "/version", "leave this out, or name another version");
    }

    private static IEnumerable<Fault> OfScale(PlanAction.Autoscale scale, ServiceRecord known)
    {
        if (scale is { To: null, Min: null, Max: null, Target: null })
            yield return new Fault("", "nothing is said about the number of replicas", "/to", "to=N, or min=, max= and a target");
        if (scale.To is < 0 or > ScalingRule.MostReplicas)
            yield return new Fault("", $"to is {scale.To}", "/to", "0 to 1,000");
        if (new ScalingRule(scale.Min ?? 0, scale.Max ?? ScalingRule.MostReplicas).FaultIn() is { } wrong)
            yield return wrong;
        if (scale.To is { } to && (to > (scale.Max ?? int.MaxValue) || to < (scale.Min ?? 0)))
            yield return new Fault("", $"to {to} lies outside of min and max", "/to", "a number between them");
        if (scale.Target is { Concurrency: <= 0 or > 10_000 or double.NaN })
            yield return new Fault("", $"concurrency is {scale.Target.Concurrency}", "/target/concurrency", "above 0, at most 10,000");
        if (scale.Target is { LatencyMs: <= 0 or > 600_000 or double.NaN })
            yield return new Fault("", $"latency_ms is {scale.Target.LatencyMs}", "/target/latency_ms", "above 0, at most 600,000");
        if (scale.Target is { Cpu: < 1 or > 100 })
            yield return new Fault("", $"cpu is {scale.Target.Cpu}", "/target/cpu", "1 to 100 percent");
        if (known.Stable == 0)
            yield return new Fault("", $"{known.Name} has no version that serves yet", "/name", "wait until its deployment has ended");
    }
}

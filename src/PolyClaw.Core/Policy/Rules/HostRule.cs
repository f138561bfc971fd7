using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Names;

namespace PolyClaw.Core.Policy.Rules;

/// <summary>A service that is placed on a host server fits on it; a host server goes only when nothing is on it.</summary>
internal sealed class HostRule : IPolicyRule
{
    public string Name => "host";

    public IEnumerable<Fault> Judge(GateRequest request, PolicyContext context) => request.Action switch
    {
        PlanAction.DecommissionMcpServer { Name: var name } => OfRemoval(name, context),
        _ when context.Service is { Host: { } host, Mine: false } service => OfPlace(host, service),
        _ => [],
    };

    private static IEnumerable<Fault> OfPlace(HostSpace host, ServiceIntent service)
    {
        if (!host.Exists)
        {
            yield return new Fault("", $"there is no host server {CodePoints.Show(host.Name)}", "/on", "create mcp-server NAME cpu= memory=, then on=NAME");
            yield break;
        }

        if (service.Spec?.Location is { } location && location != host.Location)
            yield return new Fault("", $"host server {host.Name} is at {host.Location ?? "this machine"}, not at {CodePoints.Show(location)}", "/location", "leave location out: it is the host's");
        var one = HostSpace.Only(service.Replica);
        if (one.CountIn(host.Free) is var fits && fits < service.More)
        {
            yield return new Fault(
                "",
                $"{service.More} replicas of cpu {CpuQuantity.Format(one.NanoCpus)}, memory {MemoryQuantity.Format(one.MemoryBytes)} do not fit on host server {host.Name}: cpu {CpuQuantity.Format(host.Free.NanoCpus)} of {CpuQuantity.Format(host.Capacity.NanoCpus)}, memory {MemoryQuantity.Format(host.Free.MemoryBytes)} of {MemoryQuantity.Format(host.Capacity.MemoryBytes)} is free",
                "/on",
                fits > 0 ? $"replicas ≤ {fits} fits on it" : "a larger host server, or smaller replicas");
        }
    }

    private static IEnumerable<Fault> OfRemoval(string name, PolicyContext context)
    {
        var placed = context.Placed(name);
        if (placed.Count > 0)
            yield return new Fault("", $"{string.Join(", ", placed)} run on host server {CodePoints.Show(name)}", "/name", "delete the services first");
    }
}

using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Services;

namespace PolyClaw.Core.Policy;

/// <summary>What an action on a service means, given how the service stands.</summary>
/// <param name="Name">The service's name.</param>
/// <param name="Known">The service as it stands; nothing when there is none.</param>
/// <param name="Spec">For an action that brings up a version: its spec, with the image decided.</param>
/// <param name="Version">That version's number.</param>
/// <param name="Mine">Whether the version is there already, from an earlier life of this very step.</param>
/// <param name="Replica">What one replica counts for.</param>
/// <param name="More">Replicas that are to be there beside those that are.</param>
/// <param name="Faults">Amounts that could not be read.</param>
internal sealed record ServiceIntent(
    string Name, ServiceRecord? Known, ServiceSpec? Spec, int Version, bool Mine, ResourceAmounts Replica, int More, IReadOnlyList<Fault> Faults)
{
    /// <summary>What one replica holds of the tenant's quota.</summary>
    public ResourceAmounts Counts => Counted(Replica, Spec ?? Known?.Version(Known.Stable)?.Grant.Spec);

    /// <summary>The host server that it is to be on, and what is left there; nothing when it is on none.</summary>
    public HostSpace? Host { get; init; }

    /// <summary>What it would hold of the tenant's quota beside what is held.</summary>
    public ResourceAmounts Needs => Mine ? ResourceAmounts.None : Amounts(Counts, More, isFirst: Known is null && Spec is not null);

    /// <summary>What one replica holds of the tenant's quota: on a host server its processor time, memory and storage are reserved already.</summary>
    public static ResourceAmounts Counted(ResourceAmounts replica, ServiceSpec? spec) =>
        spec?.On is null ? replica : replica with { NanoCpus = 0, MemoryBytes = 0, StorageBytes = 0 };

    /// <summary>What holds the quota of the version that is brought up.</summary>
    public string Owner => Reservation.ServiceOwner(Name, Version);

    /// <summary>Reads an action; nothing when it is on no service.</summary>
    public static ServiceIntent? Of(GateRequest request, PolicySurroundings around)
    {
        var tenant = request.Principal.Tenant;
        switch (request.Action)
        {
            case PlanAction.DeployService { Spec: var asked }:
                var known = around.Service(tenant, asked.Name);
                var mine = request.Key is { } key ? known?.Versions.FirstOrDefault(version => version.Key == key) : null;
                var host = asked.On is { } on ? HostSpace.Of(tenant, on, around) : null;
                var spec = asked with { Image = asked.Image ?? around.Catalog(asked.Name), Location = asked.Location ?? host?.Location };
                var one = ServerNeeds.Of(spec.Resources, ServiceDefaults.Replica);
                return new ServiceIntent(
                    asked.Name, known, spec, mine?.Number ?? NextOf(known), mine is not null, one.Amounts with { Replicas = 1 },
                    Math.Max(0, ServiceDefaults.ReplicasOf(spec)), one.Faults)
                {
                    Host = host,
                };
            case PlanAction.ShiftTraffic shift when around.Service(tenant, shift.Name) is { } there && there.Version(shift.Version) is { } version:
                return new ServiceIntent(
                    shift.Name, there, version.Grant.Spec, version.Number, Mine: request.Key is not null && there.RolloutKey == request.Key, version.Grant.Replica,
                    Math.Max(1, there.Version(there.Stable)?.Replicas ?? 1), [])
                {
                    Host = HostSpace.Of(tenant, version.Grant.Spec.On, around),
                };
            case PlanAction.Autoscale scale when around.Service(tenant, scale.Name) is { } there && there.Version(there.Stable) is { } stable:
                var wanted = Math.Max(scale.To ?? 0, scale.Min ?? 0);
                return new ServiceIntent(scale.Name, there, null, stable.Number, Mine: false, stable.Grant.Replica, Math.Max(0, wanted - stable.Replicas), [])
                {
                    Host = HostSpace.Of(tenant, stable.Grant.Spec.On, around),
                };
            case PlanAction.ShiftTraffic { Name: var name }:
                return Unknown(name, around.Service(tenant, name));
            case PlanAction.Autoscale { Name: var name }:
                return Unknown(name, around.Service(tenant, name));
            case PlanAction.ValidateService { Name: var name }:
                return Unknown(name, around.Service(tenant, name));
            case PlanAction.DeleteService { Name: var name }:
                return Unknown(name, around.Service(tenant, name));
            default:
                return null;
        }
    }

    /// <summary>What so many replicas of a version hold, and the service itself where it is the first.</summary>
    public static ResourceAmounts Amounts(ResourceAmounts replica, int replicas, bool isFirst)
    {
        var count = Math.Clamp(replicas, 0, Services.Rollouts.RolloutOrder.MostReplicas);
        try
        {
            return replica.Times(count) with { Services = isFirst ? 1 : 0 };
        }
        catch (OverflowException)
        {
            return new ResourceAmounts(long.MaxValue, long.MaxValue, long.MaxValue, 0, int.MaxValue, isFirst ? 1 : 0, count);
        }
    }

    private static int NextOf(ServiceRecord? known) => (known?.Versions.Max(version => version.Number) ?? 0) + 1;

    private static ServiceIntent Unknown(string name, ServiceRecord? known) => new(name, known, null, 0, Mine: false, ResourceAmounts.None, 0, []);
}

using PolyClaw.Core.Journal;
using PolyClaw.Core.Services.Rollouts;

namespace PolyClaw.Core.Services.Control;

/// <summary>Draws services for people and models.</summary>
internal static class ServiceViews
{
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(10);

    public static ServiceView Of(ServiceLoop loop, ServiceWorld world)
    {
        var record = loop.Record;
        var replicas = world.Workloads.List().Where(r => r.Id.Tenant == loop.Tenant && r.Id.Service == loop.Name).OrderBy(r => r.Id.Version).ThenBy(r => r.Id.Number).ToList();
        return new ServiceView(
            record.Name,
            StateOf(loop, record, replicas),
            world.Traffic.AddressOf(record.Tenant, record.Name)?.ToString(),
            record.Stable,
            [.. record.Versions.Select(v => Of(v, record, replicas, world))],
            [.. replicas.Select(r => new ReplicaView(r.Id.Version, r.Id.Number, r.State, r.Restarts, r.Since, r.Location, r.State is ReplicaState.Healthy ? null : r.Error))],
            record.Rollout is { } rollout ? Of(rollout, loop.Waits) : null,
            record.Scaling is { } scaling ? new ScalingView(scaling.Rule.Min, scaling.Rule.Max, scaling.Target, scaling.Asked?.Replicas, loop.Why) : null);
    }

    private static VersionView Of(VersionRecord version, ServiceRecord record, List<ReplicaInfo> replicas, ServiceWorld world)
    {
        var figures = world.Traffic.Requests(record.Tenant, record.Name, version.Number, Lately);
        var own = replicas.Where(r => r.Id.Version == version.Number).ToList();
        return new VersionView(
            version.Number,
            version.Grant.Spec.Image!,
            version.Replicas,
            own.Count(r => r.State is ReplicaState.Healthy),
            WeightOf(version.Number, record),
            Math.Round(figures.Count / Lately.TotalSeconds, 1),
            figures.Count == 0 ? 0 : Math.Round(100.0 * figures.Failures / figures.Count, 2),
            Ms(figures.P50), Ms(figures.P95), Ms(figures.P99),
            own.Sum(r => world.Traffic.InFlight(r.Id)),
            version.MadeAt,
            version.Error);
    }

    private static RolloutView Of(RolloutState rollout, string? waits) =>
        new(rollout.Order.Strategy, rollout.Phase, rollout.Order.StableVersion, rollout.Order.NewVersion, rollout.Weight, rollout.Phase.IsTerminal() ? null : waits, rollout.Reason);

    private static string StateOf(ServiceLoop loop, ServiceRecord record, List<ReplicaInfo> replicas)
    {
        if (loop.IsGone || record.Deleting)
            return "going";
        if (record.IsRolling)
            return "rolling";
        var wanted = record.Version(record.Stable)?.Replicas ?? 0;
        var healthy = replicas.Count(r => r.Id.Version == record.Stable && r.State is ReplicaState.Healthy);
        return wanted == 0 ? "asleep" : healthy == 0 ? "down" : healthy < wanted ? "degraded" : "serving";
    }

    private static int WeightOf(int version, ServiceRecord record) => record switch
    {
        { IsRolling: true, Rollout: { } rollout } => version == rollout.Order.NewVersion ? rollout.Desired.NewWeight
            : version == rollout.Order.StableVersion ? 100 - rollout.Desired.NewWeight : 0,
        _ => version == record.Stable ? 100 : 0,
    };

    private static double Ms(TimeSpan time) => Math.Round(time.TotalMilliseconds, 1);
}

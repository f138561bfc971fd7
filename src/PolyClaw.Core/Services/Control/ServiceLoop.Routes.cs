using PolyClaw.Core.Services.Scaling;

namespace PolyClaw.Core.Services.Control;

// Where the service's requests go.
internal sealed partial class ServiceLoop
{
    private static readonly TimeSpan FirstRoutesWithin = TimeSpan.FromSeconds(5);

    private ServiceRoutes? _routes;

    /// <returns>Whether the routes are in force.</returns>
    private bool Publish(Seen seen)
    {
        // A gateway that served on while the instance was away knows them; it must not be told of none while they are only being asked how they are.
        if (_routes is null && _restored && _world.Traffic.ServesOn && seen.Now.Since(_begunAt) < FirstRoutesWithin && _record.Versions.Any(v => seen.Healthy(v.Number) < v.Replicas))
            return false;
        var routes = RoutesOf(seen);
        if (_routes is not null && Same(_routes, routes))
            return true;
        _routes = _publish(this, routes) ? routes : null;
        return _routes is not null;
    }

    private ServiceRoutes RoutesOf(Seen seen)
    {
        var surplus = seen.Replicas.Where(r => !_going.Contains(r.Id)).GroupBy(r => r.Id.Version)
            .SelectMany(group => group.OrderByDescending(r => r.State is ReplicaState.Healthy).ThenBy(r => r.Id.Number).Skip(_record.Version(group.Key)?.Replicas ?? 0))
            .Select(r => r.Id).ToHashSet();
        return new ServiceRoutes(Tenant, Name, [.. _record.Versions
            .Select(v => new VersionRoute(
                v.Number, WeightOf(v.Number), [.. seen.Well(v.Number).Where(r => !surplus.Contains(r.Id)).OrderBy(r => r.Id.Number).Select(r => new ReplicaRoute(r.Id, r.Address!))]))
            .Where(route => route.Weight > 0 || route.Replicas.Count > 0)])
        {
            MayWake = _record.Scaling is { Rule.Min: 0 },
        };
    }

    /// <summary>A version's share of the traffic in percent.</summary>
    private int WeightOf(int version)
    {
        if (_deleting)
            return 0;
        if (_record is { IsRolling: true, Rollout: { } rollout })
            return version == rollout.Order.NewVersion ? rollout.Desired.NewWeight : version == rollout.Order.StableVersion ? 100 - rollout.Desired.NewWeight : 0;
        return version == _record.Stable ? 100 : 0;
    }

    private static bool Same(ServiceRoutes one, ServiceRoutes other) =>
        one.MayWake == other.MayWake && one.Versions.Count == other.Versions.Count && one.Versions.Zip(other.Versions).All(pair =>
            pair.First.Version == pair.Second.Version && pair.First.Weight == pair.Second.Weight && pair.First.Replicas.SequenceEqual(pair.Second.Replicas));
}

using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Services.Control;

/// <summary>A service's replicas at one look.</summary>
internal sealed class Seen(DateTimeOffset now, IReadOnlyList<ReplicaInfo> replicas, IReadOnlySet<ReplicaId> making, IReadOnlySet<ReplicaId> going)
{
    public DateTimeOffset Now => now;

    public IReadOnlyList<ReplicaInfo> Replicas => replicas;

    /// <summary>Replicas that exist, are being made, or are going.</summary>
    public int Running(int version) => replicas.Select(r => r.Id).Concat(making).Concat(going).Distinct().Count(id => id.Version == version);

    /// <summary>Replicas that may take traffic.</summary>
    public IEnumerable<ReplicaInfo> Well(int version) =>
        replicas.Where(r => r.Id.Version == version && r is { State: ReplicaState.Healthy, Address: not null } && !going.Contains(r.Id));

    public int Healthy(int version) => Well(version).Count();

    /// <summary>What is wrong with one of the replicas that are not healthy.</summary>
    public Fault? WhyIll(int version) =>
        replicas.Where(r => r.Id.Version == version && r.State is not ReplicaState.Healthy).Select(r => r.Error).FirstOrDefault(error => error is not null);
}

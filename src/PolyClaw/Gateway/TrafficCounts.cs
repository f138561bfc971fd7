using System.Collections.Concurrent;
using PolyClaw.Core.Services;

namespace PolyClaw.Gateway;

/// <summary>What is known of the requests: lately by version, since the start by replica, and when one last came.</summary>
internal sealed class TrafficCounts(TimeProvider clock)
{
    private readonly ConcurrentDictionary<(string Tenant, string Service, int Version), RequestCounts> _versions = new();
    private readonly ConcurrentDictionary<ReplicaId, ReplicaCounts> _replicas = new();
    private readonly ConcurrentDictionary<(string Tenant, string Service), StrongBox> _last = new();

    /// <summary>What the requests to a version came to.</summary>
    public RequestCounts Of(string tenant, string service, int version) => _versions.GetOrAdd((tenant, service, version), _ => new RequestCounts(clock));

    /// <summary>Every replica that has answered requests and is still there.</summary>
    public IEnumerable<KeyValuePair<ReplicaId, ReplicaCounts>> Replicas => _replicas;

    /// <summary>When a request last came; nothing when none has come.</summary>
    public DateTimeOffset? Last(string tenant, string service) =>
        _last.TryGetValue((tenant, service), out var ticks) ? new DateTimeOffset(Volatile.Read(ref ticks.Value), TimeSpan.Zero) : null;

    public void Came(string tenant, string service) =>
        Volatile.Write(ref _last.GetOrAdd((tenant, service), _ => new StrongBox()).Value, clock.GetUtcNow().UtcTicks);

    public void Answered(ReplicaId replica, TimeSpan duration, bool failed)
    {
        Of(replica.Tenant, replica.Service, replica.Version).Add(duration, failed);
        _replicas.GetOrAdd(replica, _ => new ReplicaCounts()).Add(duration, failed);
    }

    public void Forget(ReplicaId replica) => _replicas.TryRemove(replica, out _);

    /// <summary>A service is gone, and so are its figures.</summary>
    public void Forget(string tenant, string service)
    {
        foreach (var key in _versions.Keys.Where(key => key.Tenant == tenant && key.Service == service))
            _versions.TryRemove(key, out _);
        _last.TryRemove((tenant, service), out _);
    }

    private sealed class StrongBox
    {
        public long Value;
    }
}

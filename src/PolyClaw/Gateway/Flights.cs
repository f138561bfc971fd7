using System.Collections.Concurrent;
using PolyClaw.Core.Services;

namespace PolyClaw.Gateway;

/// <summary>The requests that are under way at each replica. Safe for any number of threads.</summary>
internal sealed class Flights
{
    private readonly ConcurrentDictionary<ReplicaId, Counter> _counters = new();

    /// <summary>How many requests are under way there.</summary>
    public int At(ReplicaId id) => _counters.TryGetValue(id, out var counter) ? Volatile.Read(ref counter.Value) : 0;

    /// <summary>The requests under way everywhere.</summary>
    public IEnumerable<KeyValuePair<ReplicaId, int>> All => _counters.Select(counter => KeyValuePair.Create(counter.Key, Volatile.Read(ref counter.Value.Value)));

    /// <summary>Of two that are picked at random, the one with fewer requests under way: nearly as even as the best of all, and nobody looks at all.</summary>
    /// <param name="replicas">At least one.</param>
    /// <param name="not">One that is not wanted, unless it is the only one.</param>
    public ReplicaRoute Choose(IReadOnlyList<ReplicaRoute> replicas, ReplicaRoute? not = null)
    {
        if (not is not null && replicas.Count > 1)
            replicas = [.. replicas.Where(replica => replica.Id != not.Id)];
        if (replicas.Count == 1)
            return replicas[0];
        var one = Random.Shared.Next(replicas.Count);
        var other = Random.Shared.Next(replicas.Count - 1);
        other += other >= one ? 1 : 0;
        return At(replicas[one].Id) <= At(replicas[other].Id) ? replicas[one] : replicas[other];
    }

    /// <summary>A request begins; it ends when what is returned is disposed.</summary>
    public IDisposable Begin(ReplicaId id)
    {
        var counter = _counters.GetOrAdd(id, static _ => new Counter());
        Interlocked.Increment(ref counter.Value);
        return new Flight(counter);
    }

    /// <summary>Completes once nothing is under way at a replica. It must be in no route any more, or this may never be.</summary>
    /// <param name="id">Which.</param>
    /// <param name="clock">Time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task NoneAsync(ReplicaId id, TimeProvider clock, CancellationToken cancellationToken)
    {
        while (At(id) > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(20), clock, cancellationToken);
    }

    /// <summary>A replica is gone for good.</summary>
    public void Forget(ReplicaId id) => _counters.TryRemove(id, out _);

    private sealed class Counter
    {
        public int Value;
    }

    private sealed class Flight(Counter counter) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
                Interlocked.Decrement(ref counter.Value);
        }
    }
}

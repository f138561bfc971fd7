using PolyClaw.Core.Goals;
using PolyClaw.Core.Services;

namespace PolyClaw.Containers.Workloads;

/// <summary>What is known of one replica: what the engine says of its container, and what its health checks say. Safe for any number of threads.</summary>
internal sealed class Replica(ReplicaId id, string? location, TimeProvider clock, int mostFailures)
{
    private readonly Lock _lock = new();
    private ReplicaInfo _info = new(id, ReplicaState.Starting, null, 0, clock.GetUtcNow(), Location: location);
    private bool _running;
    private int _failures;

    public ReplicaInfo Info
    {
        get
        {
            lock (_lock)
                return _info;
        }
    }

    /// <summary>The engine's word.</summary>
    /// <param name="running">Its process runs.</param>
    /// <param name="address">Where it answers.</param>
    /// <param name="restarts">How often the engine started it again.</param>
    /// <param name="error">How its process ended.</param>
    /// <returns>How it stands now, if that is news.</returns>
    public ReplicaInfo? Seen(bool running, Uri? address, int restarts, Fault? error)
    {
        lock (_lock)
        {
            var anew = running && (!_running || restarts != _info.Restarts || address != _info.Address);
            _running = running;
            if (!running)
                return Become(ReplicaState.Stopped, null, restarts, error);
            if (!anew)
                return null;
            _failures = 0;
            return Become(ReplicaState.Starting, address, restarts, null);
        }
    }

    /// <summary>A health check's word.</summary>
    /// <param name="address">Who was asked; an answer of an earlier life does not count.</param>
    /// <param name="fault">What is wrong; nothing when it is well.</param>
    /// <returns>How it stands now, if that is news.</returns>
    public ReplicaInfo? Checked(Uri address, Fault? fault)
    {
        lock (_lock)
        {
            if (!_running || address != _info.Address)
                return null;
            if (fault is null)
            {
                _failures = 0;
                return Become(ReplicaState.Healthy, address, _info.Restarts, null);
            }

            _failures++;
            var state = _info.State is ReplicaState.Healthy && _failures >= mostFailures ? ReplicaState.Unhealthy : _info.State;
            // Why it is not healthy yet is worth knowing as well.
            return Become(state, address, _info.Restarts, state is ReplicaState.Healthy ? _info.Error : fault);
        }
    }

    private ReplicaInfo? Become(ReplicaState state, Uri? address, int restarts, Fault? error)
    {
        var next = _info with { State = state, Address = address, Restarts = restarts, Error = error };
        if (next == _info)
            return null;
        var news = next.State != _info.State || next.Address != _info.Address || next.Restarts != _info.Restarts;
        _info = news ? next with { Since = clock.GetUtcNow() } : next;
        return news ? _info : null;
    }
}

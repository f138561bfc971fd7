using System.Collections.Concurrent;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Services;

namespace PolyClaw.Core.Tests.Services.Control;

/// <summary>Replicas that are as a test says they are.</summary>
internal sealed class FakeWorkloads(TimeProvider clock) : IWorkloads
{
    private readonly ConcurrentDictionary<ReplicaId, ReplicaInfo> _replicas = new();

    public event Action<ReplicaInfo>? Changed;

    /// <summary>How a replica is as soon as it is started; nothing for one that cannot be.</summary>
    public Func<ReplicaId, ReplicaState> Becomes { get; set; } = _ => ReplicaState.Healthy;

    /// <summary>Why a replica cannot be started.</summary>
    public Func<ReplicaId, WorkloadFault?> Refuses { get; set; } = _ => null;

    /// <summary>Every start there was, in order.</summary>
    public ConcurrentQueue<(ReplicaId Id, ReplicaSpec Spec)> Started { get; } = new();

    public IReadOnlyList<ReplicaInfo> List() => [.. _replicas.Values];

    public Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<WorkloadFault?> StartAsync(ReplicaId id, ReplicaSpec spec, CancellationToken cancellationToken)
    {
        Started.Enqueue((id, spec));
        if (Refuses(id) is { } fault)
            return Task.FromResult<WorkloadFault?>(fault);
        Set(id, Becomes(id), restarts: Becomes(id) is ReplicaState.Stopped ? 5 : 0);
        return Task.FromResult<WorkloadFault?>(null);
    }

    /// <summary>Replicas that are told to go stay.</summary>
    public bool Stays { get; set; }

    public Task<WorkloadFault?> RemoveAsync(ReplicaId id, TimeSpan grace, CancellationToken cancellationToken)
    {
        if (Stays)
            return Task.FromResult<WorkloadFault?>(new WorkloadFault(new Fault("engine_away", "the engine does not answer"), Transient: true));
        if (_replicas.TryRemove(id, out var gone))
            Changed?.Invoke(gone with { State = ReplicaState.Stopped });
        return Task.FromResult<WorkloadFault?>(null);
    }

    /// <summary>The volumes that were removed.</summary>
    public ConcurrentQueue<string> VolumesRemoved { get; } = new();

    public Task<WorkloadFault?> RemoveVolumeAsync(string tenant, string service, string? location, CancellationToken cancellationToken)
    {
        VolumesRemoved.Enqueue(service);
        return Task.FromResult<WorkloadFault?>(null);
    }

    public Task<string> LogsAsync(ReplicaId id, int lines, CancellationToken cancellationToken) => Task.FromResult("");

    public void Set(ReplicaId id, ReplicaState state, int restarts = 0)
    {
        var address = state is ReplicaState.Stopped ? null : new Uri($"http://127.0.0.1:{1000 + (id.Version * 100) + id.Number}/");
        var info = new ReplicaInfo(id, state, address, restarts, clock.GetUtcNow(), state is ReplicaState.Healthy ? null : new Fault("ended", "it ended with exit code 1"));
        _replicas[id] = info;
        Changed?.Invoke(info);
    }
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using PolyClaw.Containers.Hardening;
using PolyClaw.Containers.Images;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Services;

namespace PolyClaw.Containers.Workloads;

/// <summary>
/// Replicas of services in hardened containers of one Docker engine. The engine is the only truth about what runs: it is looked at again and
/// again and listened to in between, and each replica is asked over HTTP how it is.
/// </summary>
internal sealed partial class DockerWorkloads : IAsyncDisposable
{
    private readonly DockerEngine _engine;
    private readonly ImagePull _pull;
    private readonly EngineTraits _traits;
    private readonly string _instance;
    private readonly string? _location;
    private readonly HealthOptions _options;
    private readonly HealthCheck _health;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly KeyedGate _names = new();
    private readonly ConcurrentDictionary<ReplicaId, Watched> _replicas = new();
    private readonly Lock _watching = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _look = new(1, 1);
    private readonly Task _loop;
    private readonly Task _following;

    /// <param name="engine">The engine, negotiated.</param>
    /// <param name="traits">What it can do.</param>
    /// <param name="instance">Id of this PolyClaw instance's home; everything made bears it.</param>
    /// <param name="options">How replicas are asked.</param>
    /// <param name="clock">Time.</param>
    /// <param name="log">Log.</param>
    /// <param name="location">The engine's name in the settings; nothing for the local one.</param>
    public DockerWorkloads(DockerEngine engine, EngineTraits traits, string instance, HealthOptions options, TimeProvider clock, ILogger log, string? location = null)
    {
        _location = location;
        _engine = engine;
        _traits = traits;
        _instance = instance;
        _options = options;
        _clock = clock;
        _log = log;
        _pull = new ImagePull(engine, clock, log);
        _health = new HealthCheck(options.Timeout, clock);
        _loop = LookOnAsync(_stop.Token);
        _following = FollowAsync(_stop.Token);
    }

    /// <summary>Told of every replica that comes, goes or changes.</summary>
    public event Action<ReplicaInfo>? Changed;

    /// <summary>All replicas, as they were last seen.</summary>
    public IReadOnlyList<ReplicaInfo> List() => [.. _replicas.Values.Select(watched => watched.Replica.Info)];

    /// <summary>As <see cref="IWorkloads.StartAsync"/>, here.</summary>
    public async Task<WorkloadFault?> StartAsync(ReplicaId id, ReplicaSpec spec, CancellationToken cancellationToken)
    {
        var network = DockerLabels.NetworkOf(_instance, id.Tenant);
        var launch = new ReplicaLaunch(id, spec, network, _engine.Endpoint.PublishedOn);
        if (ReplicaSpecCompiler.Check(launch) is { } wrong)
            return new WorkloadFault(wrong, Transient: false);
        var entered = false;
        try
        {
            using var turn = await _names.EnterAsync(DockerLabels.NameOf(_instance, id), cancellationToken);
            using var held = await HoldNetworkAsync(network, id.Tenant, cancellationToken);
            entered = true;
            var container = await CreateAsync(launch, cancellationToken);
            await BeginAsync(container);
            var watched = Watch(id, container, spec.Port, spec.HealthPath);
            if (await _engine.InspectAsync(container, cancellationToken) is { } seen)
                Tell(watched.Replica.Seen(seen.State?.Running is true, AddressOf(seen.NetworkSettings?.Ports, spec.Port), (int)seen.RestartCount, EndOf(seen)));
            return null;
        }
        catch (RuntimeFaultException refused)
        {
            if (entered)
                await LeaveNetworkAsync(id.Tenant, cancellationToken);
            return new WorkloadFault(refused.Fault, refused.Transient);
        }
    }

    /// <summary>As <see cref="IWorkloads.RemoveAsync"/>, here.</summary>
    public async Task<WorkloadFault?> RemoveAsync(ReplicaId id, TimeSpan grace, CancellationToken cancellationToken)
    {
        var name = DockerLabels.NameOf(_instance, id);
        try
        {
            using var turn = await _names.EnterAsync(name, cancellationToken);
            if (await _engine.InspectAsync(name, cancellationToken) is { } found)
            {
                if (DockerLabels.ReplicaOf(found.Config?.Labels) != id)
                    return new WorkloadFault(new Fault("name_taken", $"a container that is not ours is called {name}", null, "remove or rename that container"), Transient: false);
                if (found.State?.Running is true)
                {
                    // A replica that ends on SIGTERM with an error would be started again by the engine, were it not killed while it is down.
                    await _engine.SignalAsync(found.ID, "SIGTERM", cancellationToken);
                    await EndedAsync(found.ID, grace, cancellationToken);
                }

                await _engine.RemoveAsync(found.ID, cancellationToken);
            }

            if (_replicas.TryRemove(id, out var watched))
            {
                await watched.DisposeAsync();
                Tell(watched.Replica.Seen(false, null, watched.Replica.Info.Restarts, new Fault("removed", $"{id} was removed")) ?? watched.Replica.Info);
            }

            await LeaveNetworkAsync(id.Tenant, cancellationToken);
            return null;
        }
        catch (RuntimeFaultException refused)
        {
            return new WorkloadFault(refused.Fault, refused.Transient);
        }
    }

    /// <summary>Removes a service's volume with its data. None there is no fault.</summary>
    public async Task<WorkloadFault?> RemoveVolumeAsync(string tenant, string service, CancellationToken cancellationToken)
    {
        try
        {
            await _engine.RemoveVolumeAsync(DockerLabels.VolumeOf(_instance, tenant, service), cancellationToken);
            return null;
        }
        catch (RuntimeFaultException refused)
        {
            return new WorkloadFault(refused.Fault, refused.Transient);
        }
    }

    /// <summary>Stops looking. The replicas stay.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        await _following;
        foreach (var watched in _replicas.Values)
            await watched.DisposeAsync();
        _health.Dispose();
        _look.Dispose();
        _engine.Dispose();
        _stop.Dispose();
    }

    private Watched Watch(ReplicaId id, string container, int port, string healthPath)
    {
        lock (_watching)
        {
            if (_replicas.TryGetValue(id, out var known))
                return known;
            var watched = new Watched(new Replica(id, _location, _clock, _options.Failures), container, port);
            watched.Begin(token => AskOnAsync(watched.Replica, healthPath, token));
            _replicas[id] = watched;
            return watched;
        }
    }

    private async Task AskOnAsync(Replica replica, string path, CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            while (true)
            {
                if (replica.Info is { Address: { } address, State: not ReplicaState.Stopped })
                    Tell(replica.Checked(address, await _health.AskAsync(address, path, cancellationToken)));
                await Task.Delay(replica.Info.State is ReplicaState.Healthy ? _options.Interval : _options.StartInterval, _clock, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // It is gone, or we are.
        }
    }

    private async Task EndedAsync(string container, TimeSpan grace, CancellationToken cancellationToken)
    {
        var began = _clock.GetTimestamp();
        while (_clock.GetElapsedTime(began) < grace && await _engine.InspectAsync(container, cancellationToken) is { State: { Running: true } })
            await Task.Delay(TimeSpan.FromMilliseconds(50), _clock, cancellationToken);
    }

    private void Tell(ReplicaInfo? news)
    {
        if (news is null)
            return;
        LogNews(news.Id.ToString(), news.State, news.Error?.Message ?? "");
        Changed?.Invoke(news);
    }

    [LoggerMessage(LogLevel.Information, "{Replica} is {State}{Why}")]
    private partial void LogNews(string replica, ReplicaState state, string why);

    /// <summary>A replica with the task that asks it.</summary>
    private sealed class Watched(Replica replica, string container, int port) : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private Task _asking = Task.CompletedTask;

        public Replica Replica => replica;

        public int Port => port;

        /// <summary>Its container's id.</summary>
        public string Container => container;

        public ProcessorUse Use { get; } = new();

        /// <summary>What the engine's list showed when its container was last described; nothing when it has to be described again.</summary>
        public string? Listed { get; set; }

        public void Begin(Func<CancellationToken, Task> ask) => _asking = ask(_stop.Token);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _asking;
            _stop.Dispose();
        }
    }
}

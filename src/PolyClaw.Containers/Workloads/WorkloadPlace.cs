using Microsoft.Extensions.Logging;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Core.Services;

namespace PolyClaw.Containers.Workloads;

/// <summary>The replicas of one engine, taken hold of at the first need. An engine that is away is looked for again, and not too often.</summary>
/// <param name="place">Which engine.</param>
/// <param name="instance">Id of this instance's home; everything made bears it.</param>
/// <param name="health">How replicas are asked.</param>
/// <param name="clock">Time.</param>
/// <param name="log">Log.</param>
internal sealed partial class WorkloadPlace(EnginePlace place, string? instance, HealthOptions health, TimeProvider clock, ILogger log) : IAsyncDisposable
{
    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly CancellationTokenSource _ending = new();
    private volatile DockerWorkloads? _workloads;
    private volatile RuntimeFaultException? _refused;
    private volatile Task _looking = Task.CompletedTask;
    private long _looked;
    private bool _disposed;
    private string _told = "";

    /// <summary>Told of every replica here that comes, goes or changes.</summary>
    public event Action<ReplicaInfo>? Changed;

    /// <summary>Its name in the settings; nothing for the local one.</summary>
    public string? Location => place.Location;

    /// <summary>Whether it is known what runs here: the engine has answered, or there is none and will be none.</summary>
    public bool IsKnown => _workloads is not null || _refused is { Transient: false };

    /// <summary>Its replicas; none before it is open. To ask is a need: an engine that was away is looked for beside it, for who asks next.</summary>
    public IReadOnlyList<ReplicaInfo> List()
    {
        if (_workloads is { } open)
            return open.List();
        if (_refused is { Transient: true } && IsDue && _looking.IsCompleted && !_ending.IsCancellationRequested)
            _looking = Task.Run(() => TryOpenAsync(_ending.Token), CancellationToken.None);
        return [];
    }

    /// <summary>Processor time that a replica here uses, in percent of its limit; nothing when it is not known.</summary>
    public double? CpuPercentOf(ReplicaId id) => _workloads?.CpuPercentOf(id);

    /// <summary>The engine's replicas.</summary>
    /// <exception cref="RuntimeFaultException">There is no engine; transient, when one may come.</exception>
    public async Task<DockerWorkloads> OpenAsync(CancellationToken cancellationToken)
    {
        if (_workloads is { } open)
            return open;
        await _opening.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_ending.IsCancellationRequested, this);
            if (_workloads is { } opened)
                return opened;
            if (_refused is { } refused && !(refused.Transient && IsDue))
                throw new RuntimeFaultException(refused.Fault, refused.Transient, refused);
            Volatile.Write(ref _looked, clock.GetTimestamp());
            var found = await FindAsync(cancellationToken);
            _refused = null;
            _told = "";
            return _workloads = found;
        }
        catch (RuntimeFaultException refused)
        {
            _refused = refused;
            throw;
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>Opens it if it can be; says in the log why not.</summary>
    public async Task TryOpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await OpenAsync(cancellationToken);
        }
        catch (RuntimeFaultException refused)
        {
            // Asked again and again, an engine that stays away gives one line.
            var why = refused.Fault.ToString();
            if (Interlocked.Exchange(ref _told, why) != why)
                LogAway(place.Location ?? "local", why);
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException && _ending.IsCancellationRequested)
        {
            // It was still looking when we ended.
        }
    }

    /// <summary>Lets go of the engine. The replicas stay.</summary>
    public async ValueTask DisposeAsync()
    {
        // The host disposes of what it knows by two names twice.
        if (Interlocked.Exchange(ref _disposed, true))
            return;
        await _ending.CancelAsync();
        await _looking;
        await _opening.WaitAsync(CancellationToken.None);
        if (_workloads is { } open)
            await open.DisposeAsync();
        _opening.Release();
    }

    private bool IsDue => clock.GetElapsedTime(Volatile.Read(ref _looked)) >= RuntimeSet.LookPause;

    private async Task<DockerWorkloads> FindAsync(CancellationToken cancellationToken)
    {
        var (endpoint, fault) = place.Resolve();
        if (endpoint is null)
            throw new RuntimeFaultException(fault! with { Message = "services need a Docker engine, and there is none: " + fault.Message }, transient: false);
        try
        {
            var (engine, facts) = await DockerEngine.ConnectAsync(endpoint, new DockerDeadlines(), clock, cancellationToken);
            var workloads = new DockerWorkloads(engine, facts.Traits, instance!, health, clock, log, place.Location);
            workloads.Changed += news => Changed?.Invoke(news);
            try
            {
                await workloads.LookAsync(cancellationToken);
                return workloads;
            }
            catch
            {
                await workloads.DisposeAsync();
                throw;
            }
        }
        catch (RuntimeFaultException refused)
        {
            // An engine that is too old or speaks another tongue today may be another one tomorrow.
            throw new RuntimeFaultException(refused.Fault, transient: true, refused);
        }
    }

    [LoggerMessage(LogLevel.Information, "Services cannot run on the engine {Place} now: {Why}")]
    private partial void LogAway(string place, string why);
}

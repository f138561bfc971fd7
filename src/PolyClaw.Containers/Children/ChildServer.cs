using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using PolyClaw.Containers.Children.Listing;
using PolyClaw.Containers.Children.Wire;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Servers;

namespace PolyClaw.Containers.Children;

/// <summary>
/// One child server through its life: creating → testing → ready → idle or unhealthy → … → removed. Every change of state happens
/// behind one gate, so starts, stops and removal never race; calls pass beside the gate as long as the server is up.
/// </summary>
internal sealed partial class ChildServer(
    ServerPlan plan, ServerInfo first, ServerStarter starter, RuntimeOptions options, IHostFacts hosts, TimeProvider clock, Action<ServerInfo> changed, ILogger logger)
    : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly SemaphoreSlim _slots = new(ChildLimits.CallsInFlight, ChildLimits.CallsInFlight);
    private readonly CancellationTokenSource _lifetime = new();
    private readonly Backoff _backoff = new(clock);
    private readonly ToolPins _pins = new(first.Tools);
    private volatile ServerInfo _info = first;
    private LiveServer? _live;
    private ChildLink? _unstopped;
    private ITimer? _tick;
    private long _lastUsed = clock.GetTimestamp();
    private int _inFlight;
    private int _timeouts;
    private int _restarting;
    private int _relisting;

    /// <summary>How it stands.</summary>
    public ServerInfo Info => _info;

    /// <summary>The idempotency key it was made with.</summary>
    public string Key => plan.Key;

    /// <summary>Starts it for the first time and tries its examples.</summary>
    /// <param name="progress">What it is at.</param>
    /// <param name="cancellationToken">Gives up; nothing is left.</param>
    public async Task<ServerOutcome> CreateAsync(IProgress<string> progress, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _lifetime.Token);
        StartedServer? started = null;
        var made = false;
        try
        {
            progress.Report($"starting server {plan.Spec.Name}");
            // What was current when the gate allowed it: should it turn out weaker, the gate is asked again.
            started = await starter.StartAsync(plan, _info.Isolation, ToolsChanged, progress, both.Token);
            await TryExamplesAsync(started, progress, both.Token);
            made = await AdoptAsync(started);
            return new ServerOutcome.Done(_info);
        }
        catch (RuntimeFaultException refused)
        {
            return new ServerOutcome.Failed(refused.Fault, refused.Transient);
        }
        catch (ChildFaultException broken)
        {
            return new ServerOutcome.Failed(broken.Fault, broken.Transient);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ServerOutcome.Failed(new Fault("server_removed", $"server '{plan.Spec.Name}' was removed while it was being made"));
        }
        finally
        {
            try
            {
                if (!made && started is not null)
                    await started.Link.DisposeAsync();
            }
            finally
            {
                if (!made)
                    Tell(_info with { State = ServerState.Removed });
                _gate.Release();
            }
        }
    }

    /// <summary>Waits until nobody is changing its state: a server being made is made or gone.</summary>
    public async Task SettledAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        _gate.Release();
    }

    /// <summary>Calls a tool, waking the server first if it must.</summary>
    public async Task<ToolOutcome> CallAsync(PlanAction.CallTool call, IProgress<string> progress, CancellationToken cancellationToken)
    {
        // Counted before the connection is looked at, and looked at after: the idle stop does it the other way round, so one sees the other.
        Interlocked.Increment(ref _inFlight);
        try
        {
            return await CallInTurnAsync(call, progress, cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _lastUsed, clock.GetTimestamp());
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private async Task<ToolOutcome> CallInTurnAsync(PlanAction.CallTool call, IProgress<string> progress, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            var live = Volatile.Read(ref _live);
            if (live is null)
            {
                if (KnownProblem(call) is { } problem)
                    return problem;
                var (woken, fault) = await WakeAsync(progress, cancellationToken);
                if (woken is null)
                    return fault!;
                live = woken;
            }

            if (!live.Tools.TryGetValue(call.Tool, out var tool))
                return UnknownTool(call.Tool, live.Tools.Keys);
            if (ToolCheck.Arguments(tool, call.Arguments) is { } wrong)
                return new ToolOutcome.NotCalled(wrong);
            var files = plan.Spec.Source is ServerSource.Host ? await HostTools.FilesAsync(plan, hosts, call.Tool, call.Arguments, cancellationToken) : null;
            var outcome = await live.Link.CallAsync(call.Tool, call.Arguments, progress, options.CallTimeout, cancellationToken, files);
            Judge(live, outcome);
            return ToolCheck.Output(tool, outcome);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Ends it for good.</summary>
    /// <returns>What of it could not be removed, for another try; nothing when it is gone.</returns>
    public Task<RuntimeFaultException?> RemoveAsync() => EndAsync(ServerState.Removed);

    /// <summary>Ends it with the instance: it comes back idle.</summary>
    public async ValueTask DisposeAsync()
    {
        // What could not be removed bears our label: it is the next life's to sweep.
        if (await EndAsync(ServerState.Idle) is { } left)
            LogNotStopped(plan.Spec.Name, left);
    }

    private async Task<RuntimeFaultException?> EndAsync(ServerState state)
    {
        await _lifetime.CancelAsync();
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            // From here on no call reaches it, whatever becomes of the stop.
            var link = Interlocked.Exchange(ref _live, null)?.Link ?? _unstopped;
            if (_tick is not null)
                await _tick.DisposeAsync();
            var left = link is null ? null : await StopAsync(link);
            if (left is not null && state == ServerState.Removed)
                Tell(_info with { State = ServerState.Unhealthy, Error = left.Fault });
            else if (_info.State != ServerState.Removed)
                Tell(_info with { State = state });
            return left;
        }
        finally
        {
            _gate.Release();
        }
    }

    // Behind the gate. What the runtime could not remove is kept in mind, so that a removal can be tried again.
    private async Task<RuntimeFaultException?> StopAsync(ChildLink link)
    {
        try
        {
            await link.StopAsync(CancellationToken.None);
            _unstopped = null;
            return null;
        }
        catch (RuntimeFaultException left)
        {
            _unstopped = link;
            return left;
        }
    }

    private async Task TryExamplesAsync(StartedServer started, IProgress<string> progress, CancellationToken cancellationToken)
    {
        if (plan.Spec.Source is not ServerSource.Tools source || source.Definitions.All(tool => tool.Examples is null or []))
            return;
        Tell(_info with { State = ServerState.Testing, Isolation = started.Isolation, Tools = [.. started.Listing.Tools.Select(tool => tool.Info)] });
        var faults = await ExampleCheck.RunAsync(started.Link, source, options.CallTimeout, progress, cancellationToken);
        if (faults.Count == 0)
            return;
        throw new ChildFaultException(new Fault(
            "example_failed", string.Join("; ", faults.Select(f => $"{f.Path}: {f.Message}")), faults[0].Path, "mend the code or the example"));
    }

    // Takes a started server as ours, unless its tools are not those that were known.
    private async Task<bool> AdoptAsync(StartedServer started)
    {
        var info = _info with
        {
            Isolation = started.Isolation,
            StartedMs = started.StartedMs,
            Warnings = [.. started.Listing.Warnings, .. plan.Warnings],
            Error = null,
        };
        if (_pins.Compare(started.Listing) is { Count: > 0 } names)
        {
            await QuarantineAsync(started.Link, info, names);
            return true;
        }

        var live = new LiveServer(started.Link, clock.GetTimestamp(), Tools(started.Listing));
        Volatile.Write(ref _lastUsed, clock.GetTimestamp());
        Volatile.Write(ref _live, live);
        Tell(info with { State = ServerState.Ready, Tools = [.. started.Listing.Tools.Select(tool => tool.Info)] });
        _tick ??= clock.CreateTimer(_ => Run(TickAsync), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _tick.Change(NextTick(TimeSpan.Zero), Timeout.InfiniteTimeSpan);
        Run(() => WatchAsync(live.Link));
        return true;
    }

    private async Task QuarantineAsync(ChildLink link, ServerInfo info, IReadOnlyList<string> names)
    {
        Volatile.Write(ref _live, null);
        try
        {
            await link.DisposeAsync();
        }
        finally
        {
            Tell(info with
            {
                State = ServerState.Quarantined,
                Error = new Fault(
                    "tool_definition_changed",
                    $"the server says something else now about {string.Join(", ", names.Take(10))} than when it was made",
                    Fix: "look at the change; to accept it, remove the server and make it again"),
            });
        }
    }

    private async Task<(LiveServer? Live, ToolOutcome? Problem)> WakeAsync(IProgress<string> progress, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (Volatile.Read(ref _live) is { } live)
                return (live, null);
            if (_info.State is ServerState.Removed or ServerState.Quarantined || _lifetime.IsCancellationRequested)
                return (null, Down());
            if (_backoff.Left > TimeSpan.Zero)
                return (null, Down());
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _lifetime.Token);
            await StartAsync(progress, both.Token);
            return Volatile.Read(ref _live) is { } woken ? (woken, null) : (null, Down());
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, Down());
        }
        finally
        {
            _gate.Release();
        }
    }

    // Behind the gate. A failure is noted, not thrown.
    private async Task StartAsync(IProgress<string> progress, CancellationToken cancellationToken)
    {
        try
        {
            // Never weaker than it was made: nobody is asked when a server wakes.
            await AdoptAsync(await starter.StartAsync(plan, _info.Isolation, ToolsChanged, progress, cancellationToken));
        }
        catch (RuntimeFaultException refused)
        {
            NoteFailure(TimeSpan.Zero, refused.Fault);
        }
        catch (ChildFaultException broken)
        {
            NoteFailure(TimeSpan.Zero, broken.Fault);
        }
    }

    private static FrozenDictionary<string, ListedTool> Tools(ToolListing listing) =>
        listing.Tools.ToFrozenDictionary(tool => tool.Info.Name, StringComparer.Ordinal);
}

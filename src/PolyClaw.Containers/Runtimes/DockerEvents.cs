using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace PolyClaw.Containers.Runtimes;

/// <summary>
/// One subscription to the engine's events for all children of an instance. When it breaks it is made again from the last event on, and
/// every child that is being watched is looked at once, because events may have been missed.
/// </summary>
internal sealed partial class DockerEvents : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private static readonly string[] Ends = ["die", "oom", "destroy"];

    private readonly DockerEngine _engine;
    private readonly string _label;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly ConcurrentDictionary<string, DockerChild> _watched = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private Task _loop = Task.CompletedTask;
    private TaskCompletionSource _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<RuntimeFaultException?> _attempt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _last;

    private DockerEvents(DockerEngine engine, string label, string since, TimeProvider clock, ILogger log)
    {
        _engine = engine;
        _label = label;
        _last = since;
        _clock = clock;
        _log = log;
    }

    /// <summary>Subscribes; the subscription stands when this returns.</summary>
    /// <param name="engine">Whose events.</param>
    /// <param name="label">Of containers with this label.</param>
    /// <param name="since">From this moment of the engine's clock on, however often the subscription breaks.</param>
    /// <param name="clock">Time.</param>
    /// <param name="log">Log.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<DockerEvents> SubscribeAsync(DockerEngine engine, string label, string since, TimeProvider clock, ILogger log, CancellationToken cancellationToken)
    {
        var events = new DockerEvents(engine, label, since, clock, log);
        var first = await engine.EventsAsync(label, since, cancellationToken, Ends);
        events._attempt.SetResult(null);
        events._loop = events.FollowAsync(first);
        return events;
    }

    /// <summary>Returns when the subscription stands; one that is broken is tried again at once.</summary>
    /// <exception cref="RuntimeFaultException">The engine is out of reach.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        Task<RuntimeFaultException?> attempt;
        lock (_gate)
        {
            attempt = _attempt.Task;
            if (!attempt.IsCompleted)
                _wake.TrySetResult();
        }
        RuntimeFaultException? fault;
        try
        {
            fault = await attempt.WaitAsync(_engine.Deadlines.Call, _clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw DockerFaults.TimedOut("tell its events", _engine.Deadlines.Call);
        }
        if (fault is not null)
            throw new RuntimeFaultException(fault.Fault, fault.Transient, fault);
    }

    /// <summary>Tells a child what happens to its container, from now on.</summary>
    public void Watch(DockerChild child) => _watched[child.Id] = child;

    /// <summary>Stops telling.</summary>
    public void Forget(DockerChild child) => _watched.TryRemove(child.Id, out _);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task FollowAsync(Stream first)
    {
        var pause = FirstPause;
        Stream? open = first;
        var looking = Task.CompletedTask;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (open is null)
                {
                    await PauseAsync(pause);
                    open = await _engine.EventsAsync(_label, _last, _stop.Token, Ends);
                    Tried(null);
                    pause = FirstPause;
                    looking = LookLaterAsync(_stop.Token);
                }
                await ReadAsync(open, _stop.Token);
                LogEnded(_engine.Endpoint.ToString());
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // Disposed: the loop's condition ends it.
            }
            catch (RuntimeFaultException refused)
            {
                LogBroken(refused, _engine.Endpoint.ToString(), pause);
                Tried(refused);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            catch (Exception broken) when (broken is IOException or SocketException or HttpRequestException)
            {
                LogBroken(broken, _engine.Endpoint.ToString(), pause);
            }
            finally
            {
                if (open is not null)
                {
                    Lost();
                    await open.DisposeAsync();
                }
                open = null;
            }
        }
        await looking;
    }

    // A pause between attempts, cut short when somebody is waiting for one.
    private async Task PauseAsync(TimeSpan pause)
    {
        Task wake;
        lock (_gate)
            wake = _wake.Task;
        using var rest = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        await Task.WhenAny(Task.Delay(pause, _clock, rest.Token), wake);
        await rest.CancelAsync();
        _stop.Token.ThrowIfCancellationRequested();
        lock (_gate)
            _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private void Tried(RuntimeFaultException? fault)
    {
        lock (_gate)
        {
            _attempt.TrySetResult(fault);
            // A failed attempt is told to those who wait for it; who comes later waits for the next.
            if (fault is not null)
                _attempt = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private void Lost()
    {
        lock (_gate)
            _attempt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    // What the engine still remembers is told again first, with exit codes; only then is the rest asked for.
    private async Task LookLaterAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(_engine.Deadlines.Straggler, _clock, cancellationToken);
            foreach (var child in _watched.Values)
                await child.LookAsync(cancellationToken);
        }
        catch (Exception cut) when (cut is OperationCanceledException or RuntimeFaultException)
        {
            // Disposed, or the engine is gone again: the next subscription looks again.
        }
    }

    private async Task ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var lines = new StreamReader(stream);
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            if (DockerEvent.Parse(line) is not { } happened)
                continue;
            _last = happened.Time ?? _last;
            if (_watched.TryGetValue(happened.Container, out var child))
                child.Tell(happened);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Events of the engine at {Engine} ended; subscribing again")]
    private partial void LogEnded(string engine);

    [LoggerMessage(LogLevel.Warning, "Events of the engine at {Engine} are out of reach; next attempt after {Pause}")]
    private partial void LogBroken(Exception cause, string engine, TimeSpan pause);
}

using Docker.DotNet;
using Microsoft.Extensions.Logging;

namespace PolyClaw.Containers.Runtimes;

/// <summary>A child in a container: its attach stream, what the engine's events say of it, and the ladder that ends it.</summary>
internal sealed partial class DockerChild : IChild
{
    private const int Killed = 137;

    private readonly DockerEngine _engine;
    private readonly DockerOutput _output;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Action<DockerChild> _forget;
    private readonly TaskCompletionSource<ChildExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _noPatience = new();
    private readonly Lock _gate = new();
    private Task? _ending;
    private int? _code;
    private bool _outOfMemory;
    private bool _killedByUs;

    /// <summary>A child whose container exists, is attached to and is not started yet.</summary>
    public DockerChild(string id, string name, MultiplexedStream attached, DockerEngine engine, TimeProvider clock, ILogger log, Action<DockerChild> forget)
    {
        Id = id;
        Name = name;
        _engine = engine;
        _clock = clock;
        _log = log;
        _forget = forget;
        _output = new(attached);
        Input = new DockerInput(attached, _exited.Task);
    }

    /// <summary>The container's id.</summary>
    public string Id { get; }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public Stream Input { get; }

    /// <inheritdoc/>
    public Stream Output => _output.Stdout;

    /// <inheritdoc/>
    public string ErrorTail => _output.Stderr.ToString();

    /// <inheritdoc/>
    public Task<ChildExit> Exited => _exited.Task;

    /// <summary>Begins to take its output. Before the container starts, so that no byte is lost.</summary>
    public void Listen()
    {
        _output.Start();
        _ = LookWhenSilentAsync();
    }

    /// <summary>An event of its container.</summary>
    public void Tell(DockerEvent happened)
    {
        lock (_gate)
        {
            switch (happened.Kind)
            {
                case "oom":
                    _outOfMemory = true;
                    break;
                case "die":
                    _code = happened.ExitCode ?? ChildExit.Unknown;
                    break;
                case "destroy":
                    _gone.TrySetResult();
                    break;
            }
            if (_gone.Task.IsCompleted || (_code is { } code && (code != Killed || _outOfMemory || _killedByUs)))
                Complete();
            else if (_code is not null)
                _ = CompleteLaterAsync();
        }
    }

    /// <summary>Asks the engine how it is, when events may have been missed.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var seen = await _engine.InspectAsync(Id, cancellationToken);
        lock (_gate)
        {
            if (seen is null)
            {
                _gone.TrySetResult();
                Complete();
            }
            else if (seen.State is { Status: "exited" or "dead" or "removing" } state)
            {
                _code ??= (int)state.ExitCode;
                _outOfMemory |= state.OOMKilled;
                Complete();
            }
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // An end that failed is tried again when it is asked for again.
            if (_ending is null or { IsFaulted: true })
                _ending = EndAsync();
            return _ending.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _noPatience.CancelAsync();
        try
        {
            Task ending;
            lock (_gate)
                ending = _ending ??= EndAsync();
            await ending;
        }
        catch (RuntimeFaultException left)
        {
            // Disposal cannot fail usefully; what is left bears our label and is the reaper's.
            LogLeft(left, Name);
        }
    }

    // End of input, SIGTERM, SIGKILL with the removal; each step only when the one before did not do.
    private async Task EndAsync()
    {
        await Task.Yield();
        try
        {
            await Input.DisposeAsync();
            if (!await EndsWithinAsync(_engine.Deadlines.EndOfInput))
            {
                await _engine.SignalAsync(Id, "SIGTERM", _noPatience.Token);
                await EndsWithinAsync(_engine.Deadlines.Terminate);
            }
        }
        catch (Exception hurried) when (hurried is OperationCanceledException or RuntimeFaultException)
        {
            // No patience, or an engine that does not take the signal: the removal below kills, and says if it cannot.
        }
        try
        {
            lock (_gate)
                _killedByUs = !_exited.Task.IsCompleted;
            // The engine waits for us to take a dead child's last words before it lets go of it: hang up first.
            _output.Dispose();
            if (!_gone.Task.IsCompleted)
                await _engine.RemoveAsync(Id, CancellationToken.None);
            await WithinAsync(_exited.Task, _engine.Deadlines.Straggler, CancellationToken.None);
        }
        finally
        {
            lock (_gate)
                Complete();
            await _output.Ended;
            _forget(this);
        }
    }

    private Task<bool> EndsWithinAsync(TimeSpan limit) => WithinAsync(_exited.Task, limit, _noPatience.Token);

    private async Task<bool> WithinAsync(Task task, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            await task.WaitAsync(limit, _clock, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    // Word of the memory limit may come after word of the end; the removal comes after both.
    private async Task CompleteLaterAsync()
    {
        await WithinAsync(_gone.Task, _engine.Deadlines.Straggler, CancellationToken.None);
        lock (_gate)
            Complete();
    }

    // The end of the streams is the backup of the events: if these say nothing for a while, ask.
    private async Task LookWhenSilentAsync()
    {
        await _output.Ended;
        if (await WithinAsync(_exited.Task, _engine.Deadlines.Straggler, CancellationToken.None))
            return;
        try
        {
            await LookAsync(CancellationToken.None);
        }
        catch (RuntimeFaultException unreachable)
        {
            // No streams and no engine: for whoever uses this child it has ended.
            LogLost(unreachable, Name);
            lock (_gate)
                Complete();
        }
    }

    private void Complete()
    {
        var code = _code ?? (_killedByUs ? Killed : ChildExit.Unknown);
        _exited.TrySetResult(new(code, _outOfMemory && code == Killed && !_killedByUs));
    }

    [LoggerMessage(LogLevel.Warning, "Child {Child} could not be removed; the next sweep will")]
    private partial void LogLeft(Exception cause, string child);

    [LoggerMessage(LogLevel.Warning, "Child {Child} lost its streams and its engine")]
    private partial void LogLost(Exception cause, string child);
}

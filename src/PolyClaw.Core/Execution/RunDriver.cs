using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Planning;
using PolyClaw.Core.Policy;

namespace PolyClaw.Core.Execution;

/// <summary>
/// Drives one run. It alone decides for it, one signal at a time: what follows from the state is written to the journal first, and only
/// when it is on disk do the effects begin. A step's outcome shares its commit with the intent of the next.
/// </summary>
internal sealed partial class RunDriver : IDisposable
{
    private static readonly TimeSpan EffectsEndWithin = TimeSpan.FromSeconds(10);

    private readonly RunWorld _world;
    private readonly RunState _next;
    private readonly RunState _durable;
    private readonly Lock _reading = new();
    private readonly StreamName _stream;
    private readonly Channel<Action> _inbox = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<(StreamName Stream, JournalEvent Event)> _unwritten = [];
    private readonly List<Action> _afterWrite = [];
    private readonly Dictionary<string, Task> _effects = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopEffects = new();
    private readonly CancellationTokenSource _cutSteps;
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool _resumed;
    private readonly Dictionary<(string Step, InputKind Kind), TaskCompletionSource<string>> _asking = [];
    private readonly StuckDetector _stuck = new();
    private Fault? _circles;
    private bool _timeIsOver;
    private Fault? _expired;

    /// <summary>Permits whose outcome is not on disk, by step.</summary>
    private readonly Dictionary<string, Permit> _held = new(StringComparer.Ordinal);
    private readonly IGoalFiles _files;
    private readonly ITimer _deadline;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RunDriver(RunWorld world, IReadOnlyList<JournalEntry> history, bool resumed)
    {
        _world = world;
        _resumed = resumed;
        _cutSteps = CancellationTokenSource.CreateLinkedTokenSource(_stopEffects.Token);
        _next = RunState.Load(history);
        _durable = RunState.Load(history);
        _stream = StreamName.Run(_next.RunId, _next.Principal.Tenant);
        _files = new StoredGoalFiles(world.Blobs, _next.Files);
        _deadline = world.Clock.CreateTimer(_ => Post(LookAtTheClock), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        foreach (var step in _next.Steps.Where(s => s.Outcome is not null).OrderBy(s => s.EndOrder))
            NoteForStuck(step);
    }

    public RunId RunId => _next.RunId;

    public string Tenant => _next.Principal.Tenant;

    /// <summary>Completes at the next change that is on disk.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    /// <summary>The run as it is on disk.</summary>
    public T Read<T>(Func<RunState, T> look)
    {
        lock (_reading)
            return look(_durable);
    }

    /// <summary>Asks to stop; the last word on undoing counts. Completes when the wish is on disk, or at once with why not.</summary>
    public Task<Fault?> CancelAsync(Principal by, bool rollback) => AskAsync(() =>
    {
        if (_next.Status.IsTerminal())
            return new Fault("run_ended", $"the run has ended as {Wire.Name(_next.Status)}", Fix: "start a new run");
        if (_next.RollingBack && !rollback)
            return new Fault("rolling_back", "what the run did is being undone already", "/rollback", "wait for the end: call get_run");
        if (_next.Cancel?.Rollback != rollback)
            Emit(new JournalEvent.CancelRequested(by, rollback));
        return null;
    });

    /// <summary>Answers a question. The first answer wins.</summary>
    public Task<Fault?> AnswerAsync(string inputId, Principal by, bool? approve, string? answer) => AskAsync(() =>
    {
        if (_next.UsedInputs.Contains(inputId))
            return new Fault("input_used", "this question has been answered already", "/input_id", "call get_run to see where the run stands");
        var asked = _next.Pending.FirstOrDefault(p => p.InputId == inputId);
        if (asked is null)
            return new Fault("input_unknown", "this run does not wait for such an input", "/input_id", "take input_id from pending_input of get_run");
        if (InputAnswers.FaultIn(asked, by, approve, answer, _world.AgentMayApprove) is { } fault)
            return fault;
        Emit(new JournalEvent.InputAnswered(inputId, by, approve, answer));
        if (_asking.Remove((asked.Step, asked.Kind), out var waiting))
            _afterWrite.Add(() => waiting.TrySetResult(answer ?? ""));
        return null;
    });

    /// <summary>Lets a planned run go on, if the plan is the one that was meant.</summary>
    public Task<Fault?> ApprovePlanAsync(Principal by, string digest) => AskAsync(() =>
    {
        if (!_next.HeldAtPlan)
            return new Fault("not_planned", $"the run is {Wire.Name(_next.Status)}, it does not wait for approved_plan", "/run_id");
        if (_next.PlanDigest != digest)
            return new Fault("plan_changed", "approved_plan is not the digest of this run's plan", "/approved_plan", $"the plan is {_next.PlanDigest}");
        Emit(new JournalEvent.PlanApproved(by, digest));
        return null;
    });

    /// <summary>Drives the run to its end. Cancellation leaves it where it is, to be resumed from the journal.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var stop = stopping.Register(() => _stopEffects.Cancel());
        try
        {
            if (_resumed)
                TakeUpWhatWasCutOff();
            while (true)
            {
                Decide();
                await WriteAsync();
                if (_next.Status.IsTerminal())
                    break;
                var signal = await NextSignalAsync(stopping);
                signal();
            }
        }
        finally
        {
            // Signals still in the inbox are dropped: what they would have written belongs to nobody any more, and the next owner
            // finds an intent without an outcome.
            _inbox.Writer.TryComplete();
            await _deadline.DisposeAsync();
            await _stopEffects.CancelAsync();
            await EffectsEndAsync();
            // What they hold is held again by whoever takes the run up: from the journal, which knows what exists, and from the world.
            foreach (var permit in _held.Values)
                _ = permit.Service is null ? _world.Ledger.Forget(permit.Reservation) : _world.Ledger.Release(permit.Reservation);
            _over.TrySetResult();
            Volatile.Read(ref _changed).TrySetResult();
        }
    }

    public void Dispose()
    {
        _cutSteps.Dispose();
        _stopEffects.Dispose();
    }

    private ValueTask<Action> NextSignalAsync(CancellationToken stopping)
    {
        _deadline.Change(UntilTheClockMatters(), Timeout.InfiniteTimeSpan);
        return _inbox.Reader.ReadAsync(stopping);
    }

    private TimeSpan UntilTheClockMatters()
    {
        // Once it stops, for whatever reason, only the ends of its effects matter.
        if (_timeIsOver || _expired is not null || _next.RollingBack || _next.Cancel is not null)
            return Timeout.InfiniteTimeSpan;
        if (_next.ApprovalWantedAt is { } since)
            return Max(since + InputAnswers.Within - _world.Clock.GetUtcNow(), TimeSpan.Zero);
        return _next.Pending.Count > 0 ? Timeout.InfiniteTimeSpan : Max(TimeLeft, TimeSpan.Zero);
    }

    private TimeSpan TimeLeft => TimeSpan.FromMinutes(_next.Limits.Minutes) - _next.Spent(_world.Clock.GetUtcNow());

    /// <summary>A signal that says nothing: the decision that follows it reads the clock.</summary>
    private static void LookAtTheClock()
    {
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    /// <summary>After a crash: an intent without an outcome is done again, adopted, or put before a person, as its action says.</summary>
    private void TakeUpWhatWasCutOff()
    {
        Emit(new JournalEvent.RunResumed(_world.Journal.Epoch));
        foreach (var step in _next.Steps.Where(s => s.Status is StepStatus.Running or StepStatus.Allowed).ToList())
            if (step.Intent is { Crash: CrashMeaning.Once })
                Emit(new JournalEvent.StepEnded(step.Step.Id, new StepOutcome.InDoubt(
                    "PolyClaw stopped while this was under way, and it must not be repeated blindly"), 0));
            else
                Emit(new JournalEvent.StepRepeated(step.Step.Id));
    }

    private void Emit(JournalEvent what) => Emit(_stream, what);

    private void Emit(StreamName stream, JournalEvent what)
    {
        _unwritten.Add((stream, what));
        if (stream == _stream)
            _next.Apply(new JournalEntry(_next.Position, stream.Value, 0, _world.Clock.GetUtcNow(), what));
    }

    private async Task WriteAsync()
    {
        if (_unwritten.Count > 0)
        {
            var appends = Batches(_unwritten);
            _unwritten.Clear();
            var entries = await _world.Journal.AppendAsync(appends);
            lock (_reading)
                foreach (var entry in entries)
                    if (entry.Stream == _stream.Value)
                        _durable.Apply(entry);
            Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        }

        foreach (var action in _afterWrite)
            action();
        _afterWrite.Clear();
    }

    private static List<(StreamName, IReadOnlyList<JournalEvent>)> Batches(List<(StreamName Stream, JournalEvent Event)> events)
    {
        var batches = new List<(StreamName Stream, IReadOnlyList<JournalEvent> Events)>();
        foreach (var group in events.GroupBy(e => e.Stream))
            batches.Add((group.Key, [.. group.Select(e => e.Event)]));
        return batches;
    }

    private bool Post(Action signal) => _inbox.Writer.TryWrite(signal);

    private async Task<Fault?> AskAsync(Func<Fault?> change)
    {
        var answer = new TaskCompletionSource<Fault?>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Post(() =>
        {
            if (change() is { } fault)
                answer.TrySetResult(fault);
            else
                _afterWrite.Add(() => answer.TrySetResult(null));
        }))
            await Task.WhenAny(answer.Task, _over.Task);
        return answer.Task.IsCompleted
            ? await answer.Task
            : Read(s => s.Status).IsTerminal() ? RunFaults.Ended : RunFaults.Suspended(triesAgain: false);
    }

    /// <summary>Begins an effect once what it rests on is on disk; what it ends with comes back as a signal.</summary>
    private void Start(string name, Func<CancellationToken, Task> effect, CancellationToken cancellationToken)
    {
        // The name is taken at once, or a second decision before the write would begin it twice.
        _effects[name] = Task.CompletedTask;
        _afterWrite.Add(() => _effects[name] = Task.Run(async () =>
        {
            try
            {
                await effect(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // Stopped on purpose. What it was doing has no outcome, so the journal resumes it, if the run itself goes on at all.
                Post(() => _effects.Remove(name));
            }
            catch (Exception e)
            {
                Post(() => throw new InvalidOperationException($"{name} of {RunId} met an unexpected fault", e));
            }
        }, CancellationToken.None));
    }

    /// <summary>Waits for what was cut off, but not for ever: an effect that does not end must not keep the instance from ending.</summary>
    private async Task EffectsEndAsync()
    {
        var ended = Task.WhenAll(_effects.Values);
        await ended.WaitAsync(EffectsEndWithin, _world.Clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!ended.IsCompleted)
            LogEffectsGoOn(_world.Log, RunId.Value, string.Join(", ", _effects.Where(e => !e.Value.IsCompleted).Select(e => e.Key)), EffectsEndWithin.TotalSeconds);
    }

    [LoggerMessage(LogLevel.Error, "{Effects} of {Run} did not end within {Seconds} s after being cut off; the instance goes on without them")]
    private static partial void LogEffectsGoOn(ILogger logger, string run, string effects, double seconds);

    [LoggerMessage(LogLevel.Error, "Step {Step} of {Run} met an unexpected fault {ErrorId}")]
    private static partial void LogUnexpected(ILogger logger, Exception exception, string run, string step, string errorId);
}

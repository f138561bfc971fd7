using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Planning;

namespace PolyClaw.Core.Execution;

/// <summary>
/// The runs of this instance: where a goal enters, and where clients look, wait, answer and cancel. Another tenant's run answers exactly as
/// one that does not exist.
/// </summary>
public sealed partial class Runs : IAsyncDisposable
{
    /// <summary>Runs that are carried out at once, of all tenants.</summary>
    internal const int MostActive = 256;

    /// <summary>Runs of one tenant that may wait for a person.</summary>
    internal const int MostWaiting = 64;

    private const int EventsAtOnce = 500;

    private readonly RunWorld _world;
    private readonly string _folder;
    private readonly ConcurrentDictionary<RunId, RunDriver> _open = new();
    private readonly ConcurrentDictionary<RunId, Task> _drives = new();
    private readonly ConcurrentDictionary<(RunId, string), string> _live = new();
    private readonly CancellationTokenSource _stop = new();
    private int _disposed;

    internal Runs(RunWorld world, string folder) =>
        (_world, _folder) = (world with { Progress = (run, step, text) => _live[(run, step)] = text, Publish = PublishFiles }, folder);

    /// <summary>Runs under way, those that wait for a journal that can be written included.</summary>
    public int OpenCount => _drives.Count;

    /// <summary>Takes up every run that had not ended when the last instance stopped.</summary>
    /// <returns>How many.</returns>
    public int Resume()
    {
        var open = _world.Journal.OpenRuns();
        foreach (var (run, _) in open)
            Drive(_world.Journal.Read(run.Value), resumed: true);
        return open.Count;
    }

    /// <summary>Accepts a goal. It is on disk when this returns, and goes on whatever becomes of the caller.</summary>
    /// <param name="order">The goal and who asks.</param>
    /// <returns>The run, or why not.</returns>
    public async Task<(RunId Run, Fault? Fault)> StartAsync(RunOrder order)
    {
        if (order.FaultIn() is { } fault)
            return (default, fault);
        if (NoRoom(order.Principal.Tenant) is { } full)
            return (default, full);
        var run = RunId.New();
        var stream = StreamName.Run(run, order.Principal.Tenant);
        List<JournalEvent> events = [new JournalEvent.RunCreated(run, order.Goal, order.Principal, order.PlanOnly, order.Limits, order.Files)];
        if (order.Plan is { } plan)
        {
            events.Add(new JournalEvent.PlanningEnded(RunOrder.DirectPlanner, new PlannerUsage(), []));
            events.Add(new JournalEvent.PlanMade(RunOrder.DirectPlanner, PlanDigest.Of(plan), [.. plan.Steps.Select(StepRecord.Of)], plan.Continues));
        }

        Drive(await _world.Journal.AppendAsync(stream, events), resumed: false);
        return (run, null);
    }

    /// <summary>What waits for a person takes nothing but memory, so it stands in no other tenant's way, and its own tenant may have so many.</summary>
    private Fault? NoRoom(string tenant)
    {
        var (active, waiting) = (0, 0);
        foreach (var driver in _open.Values)
            if (driver.Read(s => s.Status) is not (RunStatus.Planned or RunStatus.AwaitingInput))
                active++;
            else if (driver.Tenant == tenant)
                waiting++;
        if (active >= MostActive)
            return new Fault("too_many_runs", $"{active} runs are under way", Fix: "wait for one to end, or cancel one");
        return waiting >= MostWaiting
            ? new Fault("too_many_waiting", $"{waiting} of your runs wait for a person", Fix: "answer, approve or cancel some: list_runs names them")
            : null;
    }

    /// <summary>A run as it is on disk.</summary>
    /// <param name="tenant">Who looks.</param>
    /// <param name="run">Which run.</param>
    /// <param name="after">With events after this position; nothing for none.</param>
    /// <returns>The view, or nothing when the tenant has no such run.</returns>
    public RunView? Find(string tenant, RunId run, long? after = null)
    {
        RunView view;
        if (_open.TryGetValue(run, out var open))
        {
            if (open.Tenant != tenant)
                return null;
            view = open.Read(View);
        }
        else
        {
            if (_world.Journal.TenantOf(run) != tenant)
                return null;
            view = View(RunState.Load(_world.Journal.Read(run.Value)));
            if (!view.Status.IsTerminal())
                view = view with { Error = Suspended(run), Next = RunFaults.NextOfSuspended };
        }

        return after is { } from ? WithEvents(view, run, from) : view;
    }

    /// <summary>A page of events up to the view's own position. Of a longer story the position is that of the page's end, so that none is passed over.</summary>
    private RunView WithEvents(RunView view, RunId run, long after)
    {
        var entries = _world.Journal.Read(run.Value, after, EventsAtOnce).Where(e => e.Position <= view.Position).ToList();
        return view with
        {
            Events = [.. entries.Select(RunViews.Event).OfType<EventView>()],
            Position = entries.Count == EventsAtOnce ? entries[^1].Position : view.Position,
        };
    }

    /// <summary>Waits until the run has ended or needs somebody, or the time is over.</summary>
    /// <param name="tenant">Who waits.</param>
    /// <param name="run">Which run.</param>
    /// <param name="wait">How long at most.</param>
    /// <param name="changed">Told of each change meanwhile.</param>
    /// <param name="cancellationToken">Ends the waiting; the run goes on.</param>
    public async Task WaitAsync(string tenant, RunId run, TimeSpan wait, Action<RunView>? changed, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(wait, _world.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        while (_open.TryGetValue(run, out var open) && open.Tenant == tenant)
        {
            var next = open.Changed;
            var status = open.Read(s => s.Status);
            changed?.Invoke(open.Read(View));
            if (status.IsTerminal() || status is RunStatus.Planned or RunStatus.AwaitingInput)
                return;
            try
            {
                await next.WaitAsync(both.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Asks a run to stop.</summary>
    /// <param name="by">Who asks.</param>
    /// <param name="run">Which run.</param>
    /// <param name="rollback">Whether what was done is to be undone.</param>
    public Task<Fault?> CancelAsync(Principal by, RunId run, bool rollback) => On(by, run, d => d.CancelAsync(by, rollback));

    /// <summary>Answers a run's question.</summary>
    /// <param name="by">Who answers.</param>
    /// <param name="run">Which run.</param>
    /// <param name="inputId">Which question.</param>
    /// <param name="approve">For an approval.</param>
    /// <param name="answer">For a question or a step in doubt.</param>
    public Task<Fault?> AnswerAsync(Principal by, RunId run, string inputId, bool? approve, string? answer) =>
        On(by, run, d => d.AnswerAsync(inputId, by, approve, answer));

    /// <summary>Lets a planned run go on.</summary>
    /// <param name="by">Who says so.</param>
    /// <param name="run">Which run.</param>
    /// <param name="digest">The plan that is meant.</param>
    public Task<Fault?> ApprovePlanAsync(Principal by, RunId run, string digest) => On(by, run, d => d.ApprovePlanAsync(by, digest));

    /// <summary>A page of the tenant's runs, newest first, with their present status.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="before">The last run of the page before; nothing for the first.</param>
    /// <param name="most">Page size.</param>
    public IReadOnlyList<RunSummary> List(string tenant, RunSummary? before, int most) =>
        [.. _world.Journal.Runs(tenant, before, most).Select(Present)];

    private RunSummary Present(RunSummary run)
    {
        if (_open.TryGetValue(run.RunId, out var open))
            return run with { Status = Wire.Name(open.Read(s => s.Status)) };
        if (run.EndedAt is not null)
            return run;
        var state = RunState.Load(_world.Journal.Read(run.RunId.Value));
        return run with { Status = Wire.Name(state.Status), Error = state.Status.IsTerminal() ? null : Suspended(run.RunId) };
    }

    /// <summary>Stops driving. What is under way is cut off and taken up from the journal by the next instance.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _stop.CancelAsync();
        await Task.WhenAll(_drives.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    /// <summary>Lays a run's files where a person can open them, side by side under their names.</summary>
    private void PublishFiles(RunState run)
    {
        foreach (var file in RunViews.Artifacts(run))
        {
            try
            {
                _world.Blobs.Publish(file.Sha256, Path.Combine(_folder, run.RunId.Value), file.Name);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The file is in the blob store and can be read by its URI; only the convenience is missing, and the view shows no path.
                LogNotPublished(_world.Log, e, file.Name, run.RunId.Value);
            }
        }
    }

    private async Task<Fault?> On(Principal by, RunId run, Func<RunDriver, Task<Fault?>> act)
    {
        if (_open.TryGetValue(run, out var open) && open.Tenant == by.Tenant)
            return await act(open);
        if (_world.Journal.TenantOf(run) != by.Tenant)
            return UnknownRun(run);
        return RunState.Load(_world.Journal.Read(run.Value)).Status.IsTerminal() ? RunFaults.Ended : Suspended(run);
    }

    /// <summary>What an unknown run answers, and another tenant's too.</summary>
    /// <param name="run">The id that was given.</param>
    public static Fault UnknownRun(RunId run) => new("unknown_run", $"there is no run {run}", "/run_id", "list_runs names those there are");

    private RunView View(RunState state)
    {
        var view = RunViews.Of(state, _world.Servers.Runtime.Isolation, _world.Clock.GetUtcNow(), PathOf);
        return state.Status.IsTerminal() ? view : view with { Plan = [.. view.Plan.Select(s => WithProgress(state.RunId, s))] };
    }

    private StepView WithProgress(RunId run, StepView step) =>
        step.Status == StepStatus.Running && _live.TryGetValue((run, step.Id), out var text) ? step with { Message = text } : step;

    private string? PathOf(RunId run, string file)
    {
        var path = Path.Combine(_folder, run.Value, file);
        return File.Exists(path) ? path : null;
    }

    [LoggerMessage(LogLevel.Warning, "File {File} of {Run} could not be laid out; it stays in the blob store")]
    private static partial void LogNotPublished(ILogger logger, Exception exception, string file, string run);
}

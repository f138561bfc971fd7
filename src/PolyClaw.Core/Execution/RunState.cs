using System.Diagnostics;
using System.Text.Json;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Planning;

namespace PolyClaw.Core.Execution;

/// <summary>
/// Where a run stands: the fold of its events and nothing else. The driver decides by it, views are drawn from it, and after a crash it
/// is built again from the journal. Not thread-safe: one driver owns it; others read <see cref="RunView"/>s made under its lock.
/// </summary>
internal sealed class RunState
{
    private readonly Dictionary<string, StepState> _byId = new(StringComparer.Ordinal);
    private readonly List<StepState> _steps = [];
    private readonly Dictionary<string, PendingInput> _pending = new(StringComparer.Ordinal);
    private RunStatus? _ended;
    private bool _planned, _approved, _rollingBack;
    private int _endings;
    private PlannerUsage _counted = new();
    private DateTimeOffset? _waitingSince;
    private TimeSpan _waited;

    public RunId RunId { get; private set; }

    public string Goal { get; private set; } = "";

    public Principal Principal { get; private set; } = new("", "", PrincipalKind.Agent);

    public bool PlanOnly { get; private set; }

    public RunLimits Limits { get; private set; } = new();

    public IReadOnlyList<GoalFile> Files { get; private set; } = [];

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public long Position { get; private set; }

    public string? Planner { get; private set; }

    public string? PlanDigest { get; private set; }

    public bool PlanContinues { get; private set; }

    /// <summary>How many plans have joined the run.</summary>
    public int Wave { get; private set; }

    /// <summary>New plans wanted because of trouble.</summary>
    public int Replans { get; private set; }

    /// <summary>Further plans wanted by a planner that looks at results first.</summary>
    public int Continuations { get; private set; }

    /// <summary>What the next planning must know.</summary>
    public IReadOnlyList<Fault> Trouble { get; private set; } = [];

    public PlannerUsage Usage { get; private set; } = new();

    public int StepsStarted { get; private set; }

    public Fault? Error { get; private set; }

    public string? Result { get; private set; }

    public JournalEvent.CancelRequested? Cancel { get; private set; }

    public IReadOnlyList<StepState> Steps => _steps;

    public IReadOnlyCollection<PendingInput> Pending => _pending.Values;

    /// <summary>The last answer to each kind of question of each step: an approval is no answer to what the step itself asks.</summary>
    public Dictionary<(string Step, InputKind Kind), AnsweredInput> Answers { get; } = [];

    public HashSet<string> UsedInputs { get; } = new(StringComparer.Ordinal);

    public bool RollingBack => _rollingBack;

    public bool WantsPlan => _ended is null && !_planned && !_rollingBack;

    /// <summary>A plan is there and nobody has said go.</summary>
    public bool HeldAtPlan => PlanOnly && _planned && !_approved;

    /// <summary>Since when it waits for somebody to approve its plan or an action; nothing while it does not.</summary>
    public DateTimeOffset? ApprovalWantedAt => HeldAtPlan
        ? _waitingSince
        : _pending.Values.Where(p => p.Kind == InputKind.Approval).Min(p => (DateTimeOffset?)p.At);

    public RunStatus Status => _ended ?? this switch
    {
        { _rollingBack: true } => RunStatus.RollingBack,
        { _planned: false } => RunStatus.Planning,
        { HeldAtPlan: true } => RunStatus.Planned,
        { _pending.Count: > 0 } => RunStatus.AwaitingInput,
        _ => RunStatus.Running,
    };

    public StepState? Step(string id) => _byId.GetValueOrDefault(id);

    /// <summary>The servers that this run's own steps made or called, without those it removed again.</summary>
    public IReadOnlyList<string> ServersInUse()
    {
        var servers = new List<string>();
        foreach (var step in _steps.Where(s => s.Status == StepStatus.Succeeded).OrderBy(s => s.EndOrder))
            switch (step.Step.Action)
            {
                case PlanAction.CreateMcpServer create when !servers.Contains(create.Spec.Name):
                    servers.Add(create.Spec.Name);
                    break;
                case PlanAction.CallTool call when !servers.Contains(call.Server):
                    servers.Add(call.Server);
                    break;
                case PlanAction.DecommissionMcpServer gone:
                    servers.Remove(gone.Name);
                    break;
            }

        return servers;
    }

    /// <summary>The data that later steps may refer to.</summary>
    public JsonElement? DataOf(string step) => (Step(step)?.Outcome as StepOutcome.Succeeded)?.Data;

    public static RunState Load(IEnumerable<JournalEntry> entries)
    {
        var state = new RunState();
        foreach (var entry in entries)
            state.Apply(entry);
        return state;
    }

    public void Apply(JournalEntry entry)
    {
        Position = entry.Position;
        UpdatedAt = entry.At;
        switch (entry.Event)
        {
            case null:
                break;
            case JournalEvent.RunCreated e:
                (RunId, Goal, Principal, PlanOnly, Limits, Files, CreatedAt) = (e.RunId, e.Goal, e.Principal, e.PlanOnly, e.Limits, e.Files, entry.At);
                break;
            case JournalEvent.PlanningEnded e:
                Planner = e.Planner;
                Usage += e.Usage.Without(_counted);
                _counted = new PlannerUsage();
                break;
            case JournalEvent.ModelCalled e:
                Usage += e.Usage;
                _counted += e.Usage;
                break;
            case JournalEvent.PlanMade e:
                AddSteps(e, entry.At);
                break;
            case JournalEvent.PlanApproved:
                _approved = true;
                StopWaiting(entry.At);
                break;
            case JournalEvent.ReplanWanted e:
                (_planned, Trouble) = (false, e.Trouble);
                if (e.Trouble.Count > 0)
                    Replans++;
                else
                    Continuations++;
                break;
            case JournalEvent.StepAllowed e:
                _byId[e.Step].Status = StepStatus.Allowed;
                break;
            case JournalEvent.StepIntended e:
                Begin(_byId[e.Step], e, entry.At);
                break;
            case JournalEvent.StepRetried e:
                _byId[e.Step].Retries++;
                break;
            case JournalEvent.StepRepeated e:
                Repeat(_byId[e.Step]);
                break;
            case JournalEvent.StepEnded e:
                End(_byId[e.Step], e, entry.At);
                break;
            case JournalEvent.StepSkipped e:
                (_byId[e.Step].Status, _byId[e.Step].Skipped) = (StepStatus.Skipped, e.Why);
                break;
            case JournalEvent.RollbackBegun e:
                (_rollingBack, Error) = (true, e.Error);
                _pending.Clear();
                StopWaiting(entry.At);
                break;
            case JournalEvent.UndoIntended e:
                _byId[e.Step].Undoing = true;
                break;
            case JournalEvent.UndoEnded e:
                EndUndo(_byId[e.Step], e.Outcome);
                break;
            case JournalEvent.InputRequested e:
                if (_pending.Count == 0)
                    _waitingSince = entry.At;
                _pending[e.InputId] = new PendingInput(e.InputId, e.Kind, e.Step, e.Shown, e.Choices, e.Digest, entry.At);
                break;
            case JournalEvent.InputAnswered e:
                if (_pending.Remove(e.InputId, out var asked))
                    Answers[(asked.Step, asked.Kind)] = new AnsweredInput(asked, e);
                if (_pending.Count == 0)
                    StopWaiting(entry.At);
                UsedInputs.Add(e.InputId);
                break;
            case JournalEvent.CancelRequested e:
                Cancel = e;
                break;
            case JournalEvent.RunEnded e:
                (_ended, Error, Result) = (e.Status, e.Error ?? Error, e.Result);
                _pending.Clear();
                break;
            case JournalEvent.RunResumed:
                // A planning that was cut off begins anew and counts its own.
                _counted = new PlannerUsage();
                break;
            case JournalEvent.ServerKept or JournalEvent.ServerGone or JournalEvent.ToolCalled:
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Time that counts against the limit at <paramref name="now"/>: waiting for a person does not.</summary>
    public TimeSpan Spent(DateTimeOffset now) => now - CreatedAt - _waited - (_waitingSince is { } since ? now - since : TimeSpan.Zero);

    private void StopWaiting(DateTimeOffset at)
    {
        if (_waitingSince is { } since)
            _waited += at - since;
        _waitingSince = null;
    }

    private void AddSteps(JournalEvent.PlanMade plan, DateTimeOffset at)
    {
        // An approval is for one plan. Another plan of the same run, made after trouble or in waves, needs its own.
        (_planned, _approved, PlanDigest, PlanContinues, Trouble) = (true, false, plan.Digest, plan.Continues, []);
        if (HeldAtPlan)
            _waitingSince = at;
        Wave++;
        foreach (var record in plan.Steps)
        {
            var step = new StepState(record.ToStep(), Wave);
            _byId[record.Id] = step;
            _steps.Add(step);
        }
    }

    private void Begin(StepState step, JournalEvent.StepIntended intent, DateTimeOffset at)
    {
        if (step.Intent is null)
            StepsStarted++;
        step.Intent = intent;
        step.Status = StepStatus.Running;
        step.StartedAt ??= at;
    }

    private void Repeat(StepState step)
    {
        (step.Status, step.Outcome) = (StepStatus.Planned, null);
        // The word on a step in doubt is used up. An approval, or a question answered before a restart, still stands.
        Answers.Remove((step.Step.Id, InputKind.InDoubt));
    }

    private void End(StepState step, JournalEvent.StepEnded end, DateTimeOffset at)
    {
        (step.Status, step.Outcome, step.Ms, step.EndOrder) = (end.Outcome.Status, end.Outcome, end.Ms, ++_endings);
        // A question that nobody answered in time is no question any more.
        foreach (var asked in _pending.Values.Where(p => p.Step == step.Step.Id).ToList())
            _pending.Remove(asked.InputId);
        if (_pending.Count == 0)
            StopWaiting(at);
    }

    private static void EndUndo(StepState step, StepOutcome outcome)
    {
        (step.Undoing, step.UndoOutcome) = (false, outcome);
        if (outcome is StepOutcome.Succeeded)
            step.Status = StepStatus.Compensated;
    }
}

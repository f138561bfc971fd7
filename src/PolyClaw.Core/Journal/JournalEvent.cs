using System.Text.Json.Serialization;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Planning;

namespace PolyClaw.Core.Journal;

/// <summary>Something that happened. Written before it counts, never changed; a run's state is the fold of its events.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RunCreated), "run_created")]
[JsonDerivedType(typeof(RunResumed), "run_resumed")]
[JsonDerivedType(typeof(ModelCalled), "model_called")]
[JsonDerivedType(typeof(PlanningEnded), "planning_ended")]
[JsonDerivedType(typeof(PlanMade), "plan_made")]
[JsonDerivedType(typeof(PlanApproved), "plan_approved")]
[JsonDerivedType(typeof(ReplanWanted), "replan_wanted")]
[JsonDerivedType(typeof(StepAllowed), "step_allowed")]
[JsonDerivedType(typeof(StepIntended), "step_intended")]
[JsonDerivedType(typeof(StepRetried), "step_retried")]
[JsonDerivedType(typeof(StepRepeated), "step_repeated")]
[JsonDerivedType(typeof(StepEnded), "step_ended")]
[JsonDerivedType(typeof(StepSkipped), "step_skipped")]
[JsonDerivedType(typeof(RollbackBegun), "rollback_begun")]
[JsonDerivedType(typeof(UndoIntended), "undo_intended")]
[JsonDerivedType(typeof(UndoEnded), "undo_ended")]
[JsonDerivedType(typeof(InputRequested), "input_requested")]
[JsonDerivedType(typeof(InputAnswered), "input_answered")]
[JsonDerivedType(typeof(CancelRequested), "cancel_requested")]
[JsonDerivedType(typeof(RunEnded), "run_ended")]
[JsonDerivedType(typeof(ServerKept), "server_kept")]
[JsonDerivedType(typeof(ServerGone), "server_gone")]
[JsonDerivedType(typeof(ServiceKept), "service_kept")]
[JsonDerivedType(typeof(ServiceGone), "service_gone")]
[JsonDerivedType(typeof(ToolCalled), "tool_called")]
public abstract record JournalEvent
{
    private JournalEvent() { }

    /// <summary>A goal was accepted.</summary>
    /// <param name="RunId">The run made for it.</param>
    /// <param name="Goal">What was asked, verbatim.</param>
    /// <param name="Principal">Who asked.</param>
    /// <param name="PlanOnly">Stop when the plan is there.</param>
    /// <param name="Limits">What ends the run early.</param>
    /// <param name="Files">Files that came with it.</param>
    public sealed record RunCreated(
        RunId RunId, string Goal, Principal Principal, bool PlanOnly, RunLimits Limits, IReadOnlyList<GoalFile> Files) : JournalEvent;

    /// <summary>An instance took the run up again after a restart.</summary>
    /// <param name="Epoch">The new owner's epoch.</param>
    public sealed record RunResumed(long Epoch) : JournalEvent;

    /// <summary>A model answered a planner that is still at work: what it took counts, whatever becomes of the planning.</summary>
    /// <param name="Usage">What this one answer took.</param>
    public sealed record ModelCalled(PlannerUsage Usage) : JournalEvent;

    /// <summary>A planner answered, with a plan (which follows) or with faults.</summary>
    /// <param name="Planner">Which one.</param>
    /// <param name="Usage">What it took in all, each <see cref="ModelCalled"/> of this planning included.</param>
    /// <param name="Faults">Empty when a plan was made.</param>
    public sealed record PlanningEnded(string Planner, PlannerUsage Usage, IReadOnlyList<Fault> Faults) : JournalEvent;

    /// <summary>A verified plan joins the run.</summary>
    /// <param name="Planner">Who made it.</param>
    /// <param name="Digest">SHA-256 of its steps; what an approval names.</param>
    /// <param name="Steps">The steps.</param>
    /// <param name="Continues">The planner wants to see the results and plan on.</param>
    public sealed record PlanMade(string Planner, string Digest, IReadOnlyList<StepRecord> Steps, bool Continues) : JournalEvent;

    /// <summary>A planned run was told to go on.</summary>
    /// <param name="By">Who said so.</param>
    /// <param name="Digest">The plan that was meant.</param>
    public sealed record PlanApproved(Principal By, string Digest) : JournalEvent;

    /// <summary>Something failed or was denied, or a wave ended, and the planner is asked again.</summary>
    /// <param name="Trouble">What it must know.</param>
    public sealed record ReplanWanted(IReadOnlyList<Fault> Trouble) : JournalEvent;

    /// <summary>The gate allowed a step.</summary>
    /// <param name="Step">Step id.</param>
    /// <param name="Digest">SHA-256 of the action, references expanded.</param>
    public sealed record StepAllowed(string Step, string Digest) : JournalEvent;

    /// <summary>A step's effect is about to begin.</summary>
    /// <param name="Step">Step id.</param>
    /// <param name="Attempt">From 1.</param>
    /// <param name="Key">Idempotency key; names and labels in the world are made from it.</param>
    /// <param name="Action">The action, references expanded.</param>
    /// <param name="Crash">What a crash before the outcome means.</param>
    /// <param name="Undo">The action that undoes it.</param>
    public sealed record StepIntended(
        string Step, int Attempt, string Key, ActionRecord Action, CrashMeaning Crash, ActionRecord? Undo) : JournalEvent;

    /// <summary>An attempt failed in a way that may pass; another follows.</summary>
    /// <param name="Step">Step id.</param>
    /// <param name="Attempt">The attempt that failed.</param>
    /// <param name="Error">Why.</param>
    /// <param name="DelayMs">Milliseconds until the next.</param>
    public sealed record StepRetried(string Step, int Attempt, Fault Error, double DelayMs) : JournalEvent;

    /// <summary>A person decided that a step in doubt is to be carried out again.</summary>
    /// <param name="Step">Step id.</param>
    public sealed record StepRepeated(string Step) : JournalEvent;

    /// <summary>A step ended.</summary>
    /// <param name="Step">Step id.</param>
    /// <param name="Outcome">How.</param>
    /// <param name="Ms">Milliseconds from intent to outcome.</param>
    public sealed record StepEnded(string Step, StepOutcome Outcome, double Ms) : JournalEvent;

    /// <summary>A step will not be carried out.</summary>
    /// <param name="Step">Step id.</param>
    /// <param name="Why">Which step it needed, or why the run ended first.</param>
    public sealed record StepSkipped(string Step, string Why) : JournalEvent;

    /// <summary>What was done is to be undone.</summary>
    /// <param name="Error">Why; nothing when somebody asked to stop.</param>
    public sealed record RollbackBegun(Fault? Error) : JournalEvent;

    /// <summary>A compensation is about to begin.</summary>
    /// <param name="Step">The step it undoes.</param>
    /// <param name="Action">What is done.</param>
    public sealed record UndoIntended(string Step, ActionRecord Action) : JournalEvent;

    /// <summary>A compensation ended.</summary>
    /// <param name="Step">The step it undid.</param>
    /// <param name="Outcome">How.</param>
    public sealed record UndoEnded(string Step, StepOutcome Outcome) : JournalEvent;

    /// <summary>A person is asked.</summary>
    /// <param name="InputId">Used once.</param>
    /// <param name="Kind">What kind of answer is wanted.</param>
    /// <param name="Step">The step that waits.</param>
    /// <param name="Shown">What the person sees; rendered by code.</param>
    /// <param name="Choices">Answers to choose from; free text when empty.</param>
    /// <param name="Digest">For an approval: the one action it is for.</param>
    public sealed record InputRequested(
        string InputId, [property: JsonPropertyName("input_kind")] InputKind Kind, string Step, string Shown, IReadOnlyList<string> Choices, string? Digest) : JournalEvent;

    /// <summary>The first answer; later ones are refused.</summary>
    /// <param name="InputId">Which question.</param>
    /// <param name="By">Who answered.</param>
    /// <param name="Approve">For an approval.</param>
    /// <param name="Answer">For a question or a step in doubt.</param>
    public sealed record InputAnswered(string InputId, Principal By, bool? Approve, string? Answer) : JournalEvent;

    /// <summary>Somebody asked to stop.</summary>
    /// <param name="By">Who.</param>
    /// <param name="Rollback">Whether what was done is to be undone.</param>
    public sealed record CancelRequested(Principal By, bool Rollback) : JournalEvent;

    /// <summary>The run is over and never changes again.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Status">A terminal status.</param>
    /// <param name="Error">Why it did not succeed.</param>
    /// <param name="Result">What it has to say: DONE's summary.</param>
    public sealed record RunEnded(RunId RunId, RunStatus Status, Fault? Error, string? Result) : JournalEvent;

    /// <summary>A child server exists from now on.</summary>
    /// <param name="Server">All that is needed to run it again.</param>
    public sealed record ServerKept(ServerRecord Server) : JournalEvent;

    /// <summary>A child server does not exist any more.</summary>
    /// <param name="Tenant">Whose it was.</param>
    /// <param name="Name">Its name.</param>
    public sealed record ServerGone(string Tenant, string Name) : JournalEvent;

    /// <summary>How a service stands from now on; what follows from it is done only after this is written.</summary>
    /// <param name="Service">All that is needed to go on with it.</param>
    /// <param name="Text">What happened, in one sentence for its history.</param>
    public sealed record ServiceKept(ServiceRecord Service, string Text) : JournalEvent;

    /// <summary>A service does not exist any more.</summary>
    /// <param name="Tenant">Whose it was.</param>
    /// <param name="Name">Its name.</param>
    public sealed record ServiceGone(string Tenant, string Name) : JournalEvent;

    /// <summary>A direct tool call; for a tool that must not be repeated, written once before (no outcome yet) and once after.</summary>
    /// <param name="CallId">Ties the two together.</param>
    /// <param name="Principal">Who called.</param>
    /// <param name="Action">The call.</param>
    /// <param name="Outcome"><c>intended</c>, <c>answered</c>, <c>error</c>, <c>not_called</c>, <c>lost</c> or <c>denied</c>.</param>
    /// <param name="Ms">Milliseconds it took; 0 for an intent.</param>
    public sealed record ToolCalled(string CallId, Principal Principal, ActionRecord Action, string Outcome, double Ms) : JournalEvent;
}

/// <summary>What kind of input a run waits for.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<InputKind>))]
public enum InputKind
{
    /// <summary>A question of the plan's.</summary>
    Question,

    /// <summary>An action that a rule wants a person to agree to.</summary>
    Approval,

    /// <summary>A step that was cut off and must not be repeated blindly.</summary>
    InDoubt,
}

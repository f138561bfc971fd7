using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Tools;

namespace PolyClaw.Core.Planning;

/// <summary>All that a planner may know.</summary>
/// <param name="RunId">The run it plans for.</param>
/// <param name="Goal">What was asked, verbatim.</param>
/// <param name="Tenant">Who asks.</param>
/// <param name="Files">Files that came with the goal, and a way to read them.</param>
/// <param name="Servers">The tenant's child servers and their tools.</param>
/// <param name="Quota">The tenant's limits and what is free.</param>
/// <param name="Done">Steps of earlier waves with their outcomes, oldest first; empty for a first plan.</param>
/// <param name="Trouble">Why a new plan is wanted: failures and denials since the last plan; empty for a first plan.</param>
/// <param name="TokensLeft">Model tokens that the run may still use.</param>
public sealed record PlanningRequest(
    RunId RunId,
    string Goal,
    string Tenant,
    IGoalFiles Files,
    IReadOnlyList<ServerTools> Servers,
    QuotaView Quota,
    IReadOnlyList<FinishedStep> Done,
    IReadOnlyList<Fault> Trouble,
    long TokensLeft)
{
    /// <summary>Ids of steps of earlier plans that never began: they have no outcome, and their ids stay taken. Default none.</summary>
    public IReadOnlyList<string> NotRun { get; init; } = [];

    /// <summary>Told what each answer of a model took, as it comes: a crash in the middle of planning must not make it free. Default nobody.</summary>
    public Action<PlannerUsage> Spent { get; init; } = _ => { };
}

/// <summary>A step that has ended.</summary>
/// <param name="Step">The step.</param>
/// <param name="Outcome">How it ended.</param>
public sealed record FinishedStep(PlanStep Step, StepOutcome Outcome);

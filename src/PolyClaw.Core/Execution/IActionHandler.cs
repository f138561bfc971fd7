using PolyClaw.Core.Actions;
using PolyClaw.Core.Policy;

namespace PolyClaw.Core.Execution;

/// <summary>
/// Carries out one kind of action. An action without a handler is in no schema and no listing.
/// </summary>
public interface IActionHandler
{
    /// <summary>The action's wire name.</summary>
    string ActionName { get; }

    /// <summary>One sentence for the planner: what it does and when to use it.</summary>
    string Summary { get; }

    /// <summary>What a crash between intent and outcome means for this action.</summary>
    /// <param name="tenant">Whose action.</param>
    /// <param name="action">The action, expanded.</param>
    CrashMeaning WhenCutOff(string tenant, PlanAction action);

    /// <summary>Longest time one attempt may take.</summary>
    /// <param name="action">The action, expanded.</param>
    TimeSpan TimeLimit(PlanAction action);

    /// <summary>The action that undoes this one, or nothing. Journaled with the intent, before the effect it undoes.</summary>
    /// <param name="action">The action, expanded.</param>
    /// <param name="key">The step's idempotency key: what the step made can be told from what others made by it.</param>
    PlanAction? Undo(PlanAction action, string key);

    /// <summary>Whether a plan may hold it; else it is only what other actions are undone by. Default true.</summary>
    bool IsForPlans => true;

    /// <summary>Carries it out.</summary>
    /// <param name="permit">The gate's proof; the action is read from it.</param>
    /// <param name="context">The run around it.</param>
    /// <param name="cancellationToken">Time limit or cancellation.</param>
    Task<StepOutcome> ExecuteAsync(Permit permit, StepContext context, CancellationToken cancellationToken);
}

/// <summary>What a crash in the middle of an action means.</summary>
public enum CrashMeaning
{
    /// <summary>Do it again.</summary>
    Idempotent,

    /// <summary>Look for its label in the world, then adopt or create.</summary>
    Adoptable,

    /// <summary>Never repeat without a person.</summary>
    Once,
}

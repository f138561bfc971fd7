using System.Text.Json;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Planning;

namespace PolyClaw.Core.Journal;

/// <summary>A step as it is written down: the planner's wire form.</summary>
/// <param name="Id">Step id.</param>
/// <param name="Name">Action name.</param>
/// <param name="Parameters">The action's parameters.</param>
/// <param name="DependsOn">Steps before it.</param>
/// <param name="Reason">Why the planner wants it.</param>
public sealed record StepRecord(string Id, string Name, JsonElement Parameters, IReadOnlyList<string> DependsOn, string? Reason = null)
{
    /// <summary>Writes a step down.</summary>
    /// <param name="step">The step.</param>
    public static StepRecord Of(PlanStep step) =>
        new(step.Id, step.Action.ActionName, ActionFormat.WriteParameters(step.Action), step.DependsOn, step.Reason);

    /// <summary>Reads it back.</summary>
    public PlanStep ToStep() => new(Id, ActionFormat.Read(Name, Parameters), DependsOn, Reason);
}

/// <summary>An action as it is written down.</summary>
/// <param name="Name">Action name.</param>
/// <param name="Parameters">Its parameters.</param>
public sealed record ActionRecord(string Name, JsonElement Parameters)
{
    /// <summary>Writes an action down.</summary>
    /// <param name="action">The action.</param>
    public static ActionRecord Of(PlanAction action) => new(action.ActionName, ActionFormat.WriteParameters(action));

    /// <summary>Reads it back.</summary>
    public PlanAction ToAction() => ActionFormat.Read(Name, Parameters);
}

using PolyClaw.Core.Actions;

namespace PolyClaw.Core.Planning;

/// <summary>A node of the plan: one action and what must succeed before it.</summary>
/// <param name="Id">Unique in its run, <c>^[a-z][a-z0-9_-]{0,63}$</c>.</param>
/// <param name="Action">What it does, references not yet expanded.</param>
/// <param name="DependsOn">Ids of the steps before it, those that its references name included.</param>
/// <param name="Reason">Why the planner wants it, if it said so.</param>
public sealed record PlanStep(string Id, PlanAction Action, IReadOnlyList<string> DependsOn, string? Reason = null);

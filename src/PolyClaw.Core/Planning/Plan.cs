namespace PolyClaw.Core.Planning;

/// <summary>A verified plan: an acyclic graph of steps, every reference known. Made only by <see cref="PlanVerifier"/>.</summary>
public sealed class Plan
{
    internal Plan(IReadOnlyList<PlanStep> steps, bool continues)
    {
        Steps = steps;
        Continues = continues;
    }

    /// <summary>The steps, in the order they were written; a step never stands before one it depends on.</summary>
    public IReadOnlyList<PlanStep> Steps { get; }

    /// <summary>Whether the planner wants to see the results and plan on (a plan in waves).</summary>
    public bool Continues { get; }
}

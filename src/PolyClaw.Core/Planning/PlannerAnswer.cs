using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Planning;

/// <summary>What a planner came back with.</summary>
public abstract record PlannerAnswer
{
    private PlannerAnswer() { }

    /// <summary>A plan that passed the verifier.</summary>
    /// <param name="Plan">The plan.</param>
    /// <param name="Usage">What the model took to make it; zero without a model.</param>
    public sealed record Made(Plan Plan, PlannerUsage Usage) : PlannerAnswer;

    /// <summary>No valid plan; every fault of the last attempt is here.</summary>
    /// <param name="Faults">What was wrong, with positions.</param>
    /// <param name="Usage">What the model took.</param>
    public sealed record Refused(IReadOnlyList<Fault> Faults, PlannerUsage Usage) : PlannerAnswer;
}

/// <summary>What planning cost.</summary>
/// <param name="ModelCalls">Requests to a model.</param>
/// <param name="InputTokens">Tokens sent, as the model counted them.</param>
/// <param name="OutputTokens">Tokens received.</param>
public sealed record PlannerUsage(int ModelCalls = 0, long InputTokens = 0, long OutputTokens = 0)
{
    /// <summary>The sum of two.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static PlannerUsage operator +(PlannerUsage left, PlannerUsage right) =>
        new(left.ModelCalls + right.ModelCalls, left.InputTokens + right.InputTokens, left.OutputTokens + right.OutputTokens);

    /// <summary>What is left of this when another part of it is taken away; never negative.</summary>
    /// <param name="part">What is taken away.</param>
    public PlannerUsage Without(PlannerUsage part) => new(
        Math.Max(0, ModelCalls - part.ModelCalls), Math.Max(0, InputTokens - part.InputTokens), Math.Max(0, OutputTokens - part.OutputTokens));

    /// <summary>The sum of two.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static PlannerUsage Add(PlannerUsage left, PlannerUsage right) => left + right;
}

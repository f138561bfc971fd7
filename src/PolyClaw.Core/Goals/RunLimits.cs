namespace PolyClaw.Core.Goals;

/// <summary>What ends a run early, as <see cref="RunStatus.BudgetExhausted"/>. They lie in the journal, so a restart resets nothing.</summary>
public sealed record RunLimits
{
    /// <summary>Steps that may be started, retries not counted. 1–10,000, default 200.</summary>
    public int Steps { get; init; } = 200;

    /// <summary>Minutes of wall-clock time, waiting for a person not counted. 1–10,080, default 60.</summary>
    public int Minutes { get; init; } = 60;

    /// <summary>Input and output tokens of the planner's model together. 1,000–100,000,000, default 500,000.</summary>
    public long ModelTokens { get; init; } = 500_000;
}

using System.ComponentModel.DataAnnotations;

namespace PolyClaw.Core.Execution;

/// <summary>How runs are carried out.</summary>
public sealed class ExecutionOptions
{
    /// <summary>Steps of one run carried out side by side. 1–64, default 8.</summary>
    [Range(1, 64)]
    public int StepsAtOnce { get; set; } = 8;

    /// <summary>Attempts after the first, for faults that may pass. 0–10, default 3.</summary>
    [Range(0, 10)]
    public int Retries { get; set; } = 3;

    /// <summary>Milliseconds before the first retry; doubles each time, with jitter. 0–60,000, default 200.</summary>
    [Range(0, 60_000)]
    public int RetryDelayMs { get; set; } = 200;

    /// <summary>New plans after a failure or denial. 0–10, default 3.</summary>
    [Range(0, 10)]
    public int Replans { get; set; } = 3;

    /// <summary>Plans in waves: times the planner may ask to see results and plan on. 0–50, default 10.</summary>
    [Range(0, 50)]
    public int Waves { get; set; } = 10;
}

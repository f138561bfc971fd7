namespace PolyClaw.Core.Services.Rollouts;

/// <summary>
/// How carefully versions are exchanged. Surge, deadline and the number of bad looks are Argo Rollouts' defaults, the success share and
/// the 500 ms are Flagger's.
/// </summary>
public sealed record RolloutOptions
{
    /// <summary>The canary steps where <see cref="CanarySteps"/> names none, in percent of the traffic.</summary>
    public static IReadOnlyList<int> DefaultCanarySteps { get; } = [5, 10, 25, 50, 100];

    /// <summary>Replicas beyond the wanted number during a rolling exchange, in percent of it, rounded up. 1–100, default 25.</summary>
    public int SurgePercent { get; set; } = 25;

    /// <summary>Time in which one more replica has to get healthy, else the rollout goes back. 1 s to 1 day, default 600 s.</summary>
    public TimeSpan ProgressDeadline { get; set; } = TimeSpan.FromSeconds(600);

    /// <summary>Shares of the traffic that a canary gets one after another, in percent. Rising, the last 100. Default 5, 10, 25, 50, 100.</summary>
    public IReadOnlyList<int>? CanarySteps { get; set; }

    /// <summary>Share of a canary's requests that has to succeed. 0–1, default 0.99.</summary>
    public double LeastSuccess { get; set; } = 0.99;

    /// <summary>How many times the old version's p99 a canary's may be. 1–100, default 1.5.</summary>
    public double P99Factor { get; set; } = 1.5;

    /// <summary>How much more than the old version's p99 a canary's may be, where the factor gives less. 0 to 1 min, default 50 ms.</summary>
    public TimeSpan P99Slack { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The most that a canary's p99 may be where the old version gave no figure. 1 ms to 10 min, default 500 ms.</summary>
    public TimeSpan P99WithoutStable { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Requests a canary has to answer at a step before it is judged. 1–1,000,000, default 50.</summary>
    public int LeastSamples { get; set; } = 50;

    /// <summary>Time a canary stays at a step at least. 0 to 1 day, default 10 s.</summary>
    public TimeSpan LeastStepTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Looks in a row that have to find a canary's metrics bad before it goes back. 1–100, default 4.</summary>
    public int BadLooks { get; set; } = 4;

    /// <summary>Time the old set of a blue-green exchange stays after the switch. 0 to 1 day, default 30 s.</summary>
    public TimeSpan KeepOld { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The first canary step above <paramref name="percent"/>; 100 where there is none.</summary>
    internal int StepAfter(int percent) => (CanarySteps ?? DefaultCanarySteps).Where(s => s > percent).DefaultIfEmpty(100).Min();

    /// <summary>Replicas beyond the wanted number, at least one.</summary>
    internal int SurgeOf(int replicas) => Math.Max(1, (int)Math.Ceiling(replicas * SurgePercent / 100.0));
}

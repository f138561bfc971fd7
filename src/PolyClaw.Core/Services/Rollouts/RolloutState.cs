using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Services.Rollouts;

/// <summary>All that a rollout remembers between two looks. Lies in the journal; two states are equal when their values are.</summary>
/// <param name="Order">What was asked for.</param>
/// <param name="Phase">Where it stands.</param>
/// <param name="Step">The share of traffic the present stage is to reach in percent: a canary's step, 100 for others.</param>
/// <param name="Weight">The share that the new version has earned so far, in percent.</param>
/// <param name="StageBegan">When phase, step or weight last changed; request windows count from here.</param>
/// <param name="ProgressAt">When more replicas of the new version were healthy than before in this stage, or when one that was whole fell back.</param>
/// <param name="BestHealthy">The most healthy replicas of the new version since then.</param>
/// <param name="BadLooks">Looks in a row that found bad metrics.</param>
/// <param name="StableP99">The old version's p99 when the last canary step was passed, for steps that leave it no traffic.</param>
/// <param name="Desired">What was last decided.</param>
/// <param name="Reason">Why it goes or went back.</param>
public sealed record RolloutState(
    RolloutOrder Order,
    RolloutPhase Phase,
    int Step,
    int Weight,
    DateTimeOffset StageBegan,
    DateTimeOffset ProgressAt,
    int BestHealthy,
    int BadLooks,
    TimeSpan? StableP99,
    Desired Desired,
    Fault? Reason)
{
    /// <summary>A new stage in <paramref name="phase"/>: clocks and counts begin anew.</summary>
    internal RolloutState Enter(RolloutPhase phase, DateTimeOffset now) =>
        this with { Phase = phase, StageBegan = now, ProgressAt = now, BestHealthy = 0, BadLooks = 0 };

    internal RolloutDecision Decide(Desired desired, string? hold = null) => new(this with { Desired = desired }, desired, hold);
}

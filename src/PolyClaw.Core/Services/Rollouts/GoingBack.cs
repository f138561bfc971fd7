using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Services.Rollouts;

/// <summary>
/// The way back. Where the old version still has its full number, all traffic returns to it at once. Where it was reduced, the healthy
/// replicas of the new version serve on until it is whole again. Replicas of the new version go at a later look than their traffic.
/// </summary>
internal static class GoingBack
{
    public static RolloutDecision Begin(RolloutState state, Look look, Fault reason) => Next(Turn(state, reason, look.Now), look);

    /// <summary>The state that goes back, before a look says how.</summary>
    public static RolloutState Turn(RolloutState state, Fault reason, DateTimeOffset now)
    {
        var reduced = state.Desired.StableReplicas < state.Order.StableReplicas && !state.Order.IsStopFirst;
        return state.Enter(reduced ? RolloutPhase.RestoringOld : RolloutPhase.RollingBack, now) with { Reason = reason };
    }

    public static RolloutDecision Next(RolloutState state, Look look) => state switch
    {
        { Order.IsStopFirst: true } => StopFirst.Back(state, look),
        { Order.IsAlone: true } => TakeAway(state, look, 0),
        { Phase: RolloutPhase.RestoringOld } => Restore(state, look),
        _ => TakeAway(state, look, state.Desired.NewReplicas == 0 ? 0 : look.OnlyHealthy() ?? 0),
    };

    private static RolloutDecision Restore(RolloutState state, Look look)
    {
        var (stable, wanted) = (look.Stable.Healthy, state.Order.StableReplicas);
        var late = stable > 0 && look.Since(state.StageBegan) > look.Options.ProgressDeadline;
        if (look.New.Healthy == 0 || stable >= wanted || late)
            return Next(state.Enter(RolloutPhase.RollingBack, look.Now), look);
        var serving = Math.Min(state.Desired.NewReplicas, look.New.Healthy);
        return state.Decide(new Desired(wanted, serving, look.WeightByShare()), $"holding: {stable} of {wanted} old replicas healthy again");
    }

    private static RolloutDecision TakeAway(RolloutState state, Look look, int weight)
    {
        var (stable, fresh) = (state.Order.StableReplicas, state.Desired.NewReplicas);
        if (weight > 0)
            return state.Decide(new Desired(stable, Math.Min(fresh, look.New.Healthy), weight), "holding: no old replica is healthy, so the new ones serve on");
        return EndOrStay(state, look, new Desired(stable, state.Desired.NewWeight > 0 ? fresh : 0, 0));
    }

    /// <summary>
    /// The end, once nothing of the new version is left and the old one is whole. An old version that was told its number but cannot get
    /// whole, or not in time, is left to its supervision.
    /// </summary>
    public static RolloutDecision EndOrStay(RolloutState state, Look look, Desired desired)
    {
        var back = look.Stable.Healthy >= state.Order.StableReplicas || look.Stable.Broken || look.Since(state.StageBegan) > look.Options.ProgressDeadline;
        if (desired.NewReplicas > 0 || !look.New.IsGone)
            return state.Decide(desired, $"holding: {look.New.Running} new replicas are going");
        var told = look.Stable.Wanted == state.Order.StableReplicas;
        return told && back
            ? (state.Enter(RolloutPhase.RolledBack, look.Now) with { Weight = 0 }).Decide(desired)
            : state.Decide(desired, $"holding: {look.Stable.Healthy} of {state.Order.StableReplicas} old replicas healthy again");
    }
}

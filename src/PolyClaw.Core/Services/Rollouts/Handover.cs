namespace PolyClaw.Core.Services.Rollouts;

/// <summary>
/// From the switch of all traffic to the end of the old replicas. They go only at a later look than the one that took their traffic
/// away, and only while the new version is whole; in a blue-green exchange not before the keep-old time is over.
/// </summary>
internal static class Handover
{
    public static RolloutDecision Begin(RolloutState state, Look look) =>
        Keep(state.Enter(RolloutPhase.KeepingOld, look.Now) with { Step = 100, Weight = 100, BestHealthy = look.New.Healthy }, look, null);

    public static RolloutDecision KeepOld(RolloutState state, Look look)
    {
        var wanted = state.Order.Replicas;
        var blueGreen = state.Order.Strategy == RolloutStrategy.BlueGreen;
        state = Health.Note(state, look, wanted, out var late);
        if (late)
            return GoingBack.Begin(state, look, RolloutFaults.Late(state, look, wanted));
        if (look.New.Healthy < wanted)
        {
            return blueGreen && look.Stable.Healthy > look.New.Healthy
                ? GoingBack.Begin(state, look, RolloutFaults.UnhealthyAfterSwitch(state, look))
                : Keep(state, look, Health.Wait(look, wanted));
        }

        var keep = blueGreen ? look.Options.KeepOld : TimeSpan.Zero;
        var kept = look.Since(state.StageBegan);
        if (state.Desired.NewWeight < 100)
            return Keep(state, look, null);
        return kept < keep
            ? Keep(state, look, $"holding: old replicas kept for {kept.TotalSeconds:0} of {keep.TotalSeconds:0.#} s")
            : state.Enter(RolloutPhase.Promoting, look.Now).Decide(new Desired(0, wanted, 100));
    }

    public static RolloutDecision Promote(RolloutState state, Look look)
    {
        var desired = new Desired(0, state.Order.Replicas, 100);
        return look.Stable.IsGone
            ? state.Enter(RolloutPhase.Succeeded, look.Now).Decide(desired)
            : state.Decide(desired, $"holding: {look.Stable.Running} old replicas are going");
    }

    private static RolloutDecision Keep(RolloutState state, Look look, string? hold) =>
        state.Decide(new Desired(state.Desired.StableReplicas, state.Order.Replicas, look.WeightByHealth(state, 100)), hold);
}

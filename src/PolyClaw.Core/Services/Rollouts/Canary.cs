namespace PolyClaw.Core.Services.Rollouts;

/// <summary>
/// A small share of the traffic first. A step is in force once the replicas for it are healthy; it is passed when they are, for the
/// least time, with enough requests, all of them good enough. The old version keeps all its replicas until the last step is passed.
/// </summary>
internal static class Canary
{
    public static int FirstStep(RolloutOrder order, RolloutOptions options) => order.FirstWeight ?? options.StepAfter(0);

    public static RolloutDecision Next(RolloutState state, Look look)
    {
        var needed = ReplicasAt(state.Step, state.Order);
        state = Health.Note(state, look, needed, out var late);
        if (late)
            return GoingBack.Begin(state, look, RolloutFaults.Late(state, look, needed));
        var verdict = state.Weight == 0 ? null : CanaryVerdict.Of(state, look);
        if (verdict is CanaryVerdict.Bad bad)
            return Bad(state, look, bad);
        if (verdict is CanaryVerdict.Good)
            state = state with { BadLooks = 0 };
        if (look.New.Healthy < needed)
            return Stay(state, look, Health.Wait(look, needed));
        if (state.Weight != state.Step)
            return Stay(Aim(state, state.Step, look), look, null);
        if (verdict is CanaryVerdict.Unknown unknown)
            return Stay(state, look, unknown.Text);
        if (look.Since(state.StageBegan) < look.Options.LeastStepTime)
            return Stay(state, look, $"holding: {look.Since(state.StageBegan).TotalSeconds:0} of {look.Options.LeastStepTime.TotalSeconds:0.#} s");
        if (state.Step >= 100)
            return Handover.Begin(state, look);
        state = state with { StableP99 = CanaryVerdict.StableP99(state, look) };
        return Stay(Aim(state, look.Options.StepAfter(state.Step), look), look, null);
    }

    private static RolloutDecision Bad(RolloutState state, Look look, CanaryVerdict.Bad bad)
    {
        state = state with { BadLooks = state.BadLooks + 1 };
        return state.BadLooks >= look.Options.BadLooks
            ? GoingBack.Begin(state, look, bad.Reason)
            : Stay(state, look, $"holding: bad metrics, {state.BadLooks} of {look.Options.BadLooks} looks in a row");
    }

    /// <summary>Begins a stage. Its share of the traffic is given at once where the replicas for it are there, else later.</summary>
    private static RolloutState Aim(RolloutState state, int step, Look look) => state.Enter(RolloutPhase.Progressing, look.Now) with
    {
        Step = step,
        Weight = look.New.Healthy >= ReplicasAt(step, state.Order) ? step : state.Weight,
        BestHealthy = look.New.Healthy,
    };

    private static RolloutDecision Stay(RolloutState state, Look look, string? hold) => state.Decide(
        new Desired(state.Order.StableReplicas, ReplicasAt(state.Step, state.Order), look.WeightByHealth(state, state.Weight)), hold);

    /// <summary>Replicas in proportion to the share, rounded up, at least one.</summary>
    private static int ReplicasAt(int step, RolloutOrder order) => Math.Clamp((int)Math.Ceiling(order.Replicas * step / 100.0), 1, order.Replicas);
}

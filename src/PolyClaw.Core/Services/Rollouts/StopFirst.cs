namespace PolyClaw.Core.Services.Rollouts;

/// <summary>
/// The rolling exchange of a service with one writer: never replicas of both versions at once. One version goes up only when of the
/// other nothing runs and nothing is wanted any more, so a replica still being made cannot appear beside it. Nobody serves in between.
/// </summary>
internal static class StopFirst
{
    public static RolloutDecision Next(RolloutState state, Look look)
    {
        var wanted = state.Order.Replicas;
        if (state.Desired.NewReplicas == 0 && look.Stable.IsGone)
            state = state.Enter(RolloutPhase.Progressing, look.Now) with { Desired = state.Desired with { NewReplicas = wanted } };
        state = Health.Note(state, look, wanted, out var late);
        if (late)
            return GoingBack.Begin(state, look, RolloutFaults.Late(state, look, wanted));
        if (state.Desired.NewReplicas == 0)
            return state.Decide(new Desired(0, 0, 0), $"holding: {look.Stable.Running} old replicas are still there");
        if (look.New.Healthy >= wanted && look.Stable.IsGone)
            return (state.Enter(RolloutPhase.Succeeded, look.Now) with { Step = 100, Weight = 100 }).Decide(new Desired(0, wanted, 100));
        return state.Decide(new Desired(0, wanted, look.New.Healthy > 0 ? 100 : 0), Health.Wait(look, wanted));
    }

    /// <summary>The way back: the new version down to nothing, then the old one up.</summary>
    public static RolloutDecision Back(RolloutState state, Look look)
    {
        var stable = look.New.IsGone || state.Desired.StableReplicas > 0 ? state.Order.StableReplicas : 0;
        return GoingBack.EndOrStay(state, look, new Desired(stable, 0, 0));
    }
}

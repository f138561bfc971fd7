namespace PolyClaw.Core.Services.Rollouts;

/// <summary>A version that replaces nothing: all replicas at once, and whichever is healthy serves.</summary>
internal static class FirstVersion
{
    public static RolloutDecision Next(RolloutState state, Look look)
    {
        var wanted = state.Order.Replicas;
        state = Health.Note(state, look, wanted, out var late);
        if (late)
            return GoingBack.Begin(state, look, RolloutFaults.Late(state, look, wanted));
        if (look.New.Healthy >= wanted)
            return (state.Enter(RolloutPhase.Succeeded, look.Now) with { Step = 100, Weight = 100 }).Decide(new Desired(0, wanted, 100));
        return state.Decide(new Desired(0, wanted, look.New.Healthy > 0 ? 100 : 0), Health.Wait(look, wanted));
    }
}

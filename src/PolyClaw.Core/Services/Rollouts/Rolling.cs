namespace PolyClaw.Core.Services.Rollouts;

/// <summary>
/// A few replicas at a time, none unavailable: each healthy new replica relieves one old one, and no more than the surge are under way.
/// New replicas that fall ill keep their place in the surge, so nothing is taken away on their account.
/// </summary>
internal static class Rolling
{
    public static RolloutDecision Next(RolloutState state, Look look)
    {
        var order = state.Order;
        state = Health.Note(state, look, order.Replicas, out var late);
        if (late)
            return GoingBack.Begin(state, look, RolloutFaults.Late(state, look, order.Replicas));
        if (look.New.Healthy >= order.Replicas)
            return Handover.Begin(state, look);
        var surge = look.Options.SurgeOf(order.Replicas);
        var peak = Math.Max(order.Replicas, order.StableReplicas);
        var fresh = Math.Min(order.Replicas, Math.Max(state.Desired.NewReplicas, look.New.Healthy + surge));
        var stable = Math.Min(order.StableReplicas, Math.Min(peak - look.New.Healthy, peak + surge - fresh));
        return state.Decide(new Desired(stable, fresh, look.WeightByShare()), Health.Wait(look, order.Replicas));
    }
}

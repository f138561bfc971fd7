namespace PolyClaw.Core.Services.Rollouts;

/// <summary>A full second set beside the first; all traffic goes to it at once when it is whole.</summary>
internal static class BlueGreen
{
    public static RolloutDecision Next(RolloutState state, Look look)
    {
        var order = state.Order;
        state = Health.Note(state, look, order.Replicas, out var late);
        if (late)
            return GoingBack.Begin(state, look, RolloutFaults.Late(state, look, order.Replicas));
        if (look.New.Healthy >= order.Replicas)
            return Handover.Begin(state, look);
        return state.Decide(new Desired(order.StableReplicas, order.Replicas, look.WeightByHealth(state, 0)), Health.Wait(look, order.Replicas));
    }
}

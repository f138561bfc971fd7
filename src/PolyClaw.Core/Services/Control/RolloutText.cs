using PolyClaw.Core.Services.Rollouts;

namespace PolyClaw.Core.Services.Control;

/// <summary>What a step of a rollout was, for a service's history.</summary>
internal static class RolloutText
{
    public static string Of(RolloutState before, RolloutDecision decision)
    {
        var (after, order) = (decision.State, decision.State.Order);
        var (fresh, stable) = ($"version {order.NewVersion}", $"version {order.StableVersion}");
        if (after.Phase != before.Phase)
        {
            return after.Phase switch
            {
                RolloutPhase.Succeeded => $"{fresh} serves",
                RolloutPhase.RolledBack => $"{fresh} is gone{(order.StableVersion is null ? "" : $", {stable} serves")}: {after.Reason?.Message}",
                RolloutPhase.RollingBack or RolloutPhase.RestoringOld => $"{fresh} is given up: {after.Reason?.Message}",
                RolloutPhase.KeepingOld => $"{fresh} has all traffic, {stable} is kept for a while",
                RolloutPhase.Promoting => $"{stable} goes",
                _ => $"{fresh} is brought up",
            };
        }

        if (after.Weight != before.Weight)
            return $"{fresh} has earned {after.Weight} % of the traffic";
        if (after.Desired != before.Desired)
            return $"{fresh}: {after.Desired.NewReplicas} replicas and {after.Desired.NewWeight} % of the traffic{(order.StableVersion is null ? "" : $"; {stable}: {after.Desired.StableReplicas} replicas")}";
        return decision.Hold is { } hold ? $"{fresh}: {hold}" : $"{fresh} goes on";
    }
}

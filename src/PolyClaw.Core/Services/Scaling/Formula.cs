namespace PolyClaw.Core.Services.Scaling;

/// <summary>
/// Kubernetes' rule (kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale, "Algorithm details"): replicas × metric ÷ target,
/// rounded up, and no change within the tolerance. A replica without a metric counts as 100 % of the target on the way down and as
/// 0 % on the way up; one that is not ready counts as 0 % on the way up and not at all on the way down. Neither may turn the direction.
/// </summary>
internal static class Formula
{
    // What arithmetic in binary adds to 110 / 100 must make no twelfth replica of eleven.
    private const double Slack = 1e-9;
    private const double Most = 1_000_000;

    /// <summary>The replicas that one target asks for.</summary>
    /// <param name="seen">The target, with known figures.</param>
    /// <param name="load">The service.</param>
    /// <param name="tolerance">Share of the target within which nothing changes.</param>
    /// <returns>Nothing when no ready replica was measured.</returns>
    public static int? Replicas(TargetSeen seen, ServiceLoad load, double tolerance)
    {
        var ready = Math.Max(0, load.Replicas - Math.Max(0, load.NotReady));
        var measured = Math.Min(seen.Measured, ready);
        if (measured <= 0 || !seen.IsKnown)
            return null;
        var use = Math.Min(Most, seen.Average * measured / seen.Target); // in full replicas
        var up = use > measured;
        if (!up)
            use += ready - measured;
        var ratio = use / (up ? load.Replicas : ready);
        var turned = up && ratio < 1;
        return turned || Math.Abs(1 - ratio) <= tolerance + Slack ? load.Replicas : (int)Math.Ceiling(use - Slack);
    }
}

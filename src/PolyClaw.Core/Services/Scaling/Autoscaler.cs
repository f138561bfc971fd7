namespace PolyClaw.Core.Services.Scaling;

/// <summary>
/// Decides how many replicas a service has, by the rules of Kubernetes' HorizontalPodAutoscaler and with two of our own: a number that
/// somebody asks for is a floor for a while, and an idle service may go to zero. Pure: the same state and the same look give the same
/// decision, whatever the clock does.
/// </summary>
public static class Autoscaler
{
    /// <summary>Takes note that somebody wants a number of replicas. It is had at the next look, within max and quota, and is kept as a floor for the hold time.</summary>
    /// <param name="state">The state from the look before.</param>
    /// <param name="replicas">How many; a later wish takes the place of an earlier one.</param>
    /// <param name="now">The time.</param>
    public static ScalingState Ask(ScalingState state, int replicas, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state with { Asked = new AskedReplicas(now, Math.Clamp(replicas, 0, ScalingRule.MostReplicas)) };
    }

    /// <summary>How many replicas there are to be, given what is seen.</summary>
    /// <param name="state">The state from the look before; <see cref="ScalingState.Empty"/> at the first.</param>
    /// <param name="rule">The service's bounds; valid ones.</param>
    /// <param name="load">What is seen.</param>
    /// <param name="now">The time; it may jump, also back.</param>
    /// <param name="options">How quickly; valid ones.</param>
    public static ScalingDecision Next(ScalingState state, ScalingRule rule, ServiceLoad load, DateTimeOffset now, ScalingOptions options)
    {
        ArgumentNullException.ThrowIfNull(state);
        var present = Math.Max(0, load.Replicas);
        var asked = state.Asked is { } wish && now.Since(wish.At) < options.HoldTime ? wish : null;
        var idle = rule.Min == 0 && asked is null && load.LastRequest is { } last && now.Since(last) >= options.IdleTime;
        var reasons = new List<string>();

        var least = Math.Min(rule.Max, Math.Max(asked?.Replicas ?? 0, idle ? 0 : Math.Max(1, rule.Min)));
        var metrics = Recommend(load, idle, least, options, reasons);
        if (asked is not null && asked.Replicas > metrics)
            reasons.Add($"{asked.Replicas} were asked for and are kept for {(options.HoldTime - now.Since(asked.At)).TotalSeconds:0} s more");
        if (metrics > rule.Max)
            reasons.Add($"limited by max: {rule.Max} of {metrics}");
        var recommended = Math.Clamp(metrics, least, rule.Max);

        var window = DownWindow.Add(state.Recommendations, recommended, present, now, options.DownWindow);
        var stable = idle ? recommended : DownWindow.Hold(window, recommended, present);
        if (stable > recommended)
            reasons.Add($"fewer than {stable} only when none was wanted for {options.DownWindow.TotalSeconds:0.#} s");

        var (lowest, highest) = (Pace.Lowest(state.Changes, present, now, options), Pace.Highest(state.Changes, present, now, options));
        var paced = Math.Clamp(stable, lowest, highest);
        var wanted = Math.Clamp(paced, least, rule.Max);
        if (wanted != stable && wanted == paced)
            reasons.Add($"{paced} are as far as it may go within {options.RatePeriod.TotalSeconds:0.#} s");

        var quota = Math.Max(0, load.Quota ?? int.MaxValue);
        if (wanted > quota)
            reasons.Add($"limited by quota: {quota} of {Math.Max(wanted, recommended)}");
        var replicas = Math.Min(wanted, quota);
        var next = new ScalingState(window, Pace.Add(state.Changes, replicas - present, now, options), asked);
        return new ScalingDecision(replicas, recommended, string.Join("; ", reasons), next);
    }

    private static int Recommend(ServiceLoad load, bool idle, int least, ScalingOptions options, List<string> reasons)
    {
        if (idle)
        {
            reasons.Add($"no request for {options.IdleTime.TotalSeconds:0.#} s");
            return 0;
        }

        if (load.Replicas <= 0)
        {
            reasons.Add($"nothing runs, and {least} must");
            return least;
        }

        var wish = Wish.Of(load, options.Tolerance);
        reasons.Add(wish.Why);
        return wish.Replicas;
    }
}

using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Services.Rollouts;

/// <summary>What a canary's metrics say at a look.</summary>
internal abstract record CanaryVerdict
{
    private CanaryVerdict() { }

    /// <summary>Enough requests, and they are as good as they must be.</summary>
    public sealed record Good : CanaryVerdict;

    /// <summary>Nothing can be said yet.</summary>
    /// <param name="Text">What is missing.</param>
    public sealed record Unknown(string Text) : CanaryVerdict;

    /// <summary>Too many fail, or they take too long.</summary>
    /// <param name="Reason">The figures.</param>
    public sealed record Bad(Fault Reason) : CanaryVerdict;

    /// <summary>Judges what the new version answered in this stage.</summary>
    public static CanaryVerdict Of(RolloutState state, Look look)
    {
        var options = look.Options;
        if (look.New.Requests is not { IsSound: true } seen)
            return new Unknown($"holding: no metrics of version {state.Order.NewVersion}");
        if (seen.Count < options.LeastSamples)
            return new Unknown($"holding: {seen.Count} of {options.LeastSamples} requests");
        if ((seen.Count - seen.Failures) / (double)seen.Count < options.LeastSuccess)
            return new Bad(RolloutFaults.Failing(state, seen, options));
        var limitMs = StableP99(state, look) is { } stable
            ? Math.Max(stable.TotalMilliseconds * options.P99Factor, stable.TotalMilliseconds + options.P99Slack.TotalMilliseconds)
            : options.P99WithoutStable.TotalMilliseconds;
        return seen.P99.TotalMilliseconds > limitMs ? new Bad(RolloutFaults.Slow(state, seen, limitMs)) : new Good();
    }

    /// <summary>The old version's p99: what it has now when it answered enough, else what it had at the step before.</summary>
    public static TimeSpan? StableP99(RolloutState state, Look look) =>
        look.Stable.Requests is { IsSound: true } stable && stable.Count >= look.Options.LeastSamples ? stable.P99 : state.StableP99;
}

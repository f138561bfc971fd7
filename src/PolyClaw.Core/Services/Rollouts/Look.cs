namespace PolyClaw.Core.Services.Rollouts;

/// <summary>One observation of both versions, and the rules it is judged by.</summary>
internal sealed record Look(VersionSeen Stable, VersionSeen New, DateTimeOffset Now, RolloutOptions Options)
{
    /// <summary>Time since <paramref name="moment"/>; none where the clock was set back behind it.</summary>
    public TimeSpan Since(DateTimeOffset moment) => Now > moment ? Now - moment : TimeSpan.Zero;

    /// <summary>The new version's share of all healthy replicas in percent; neither version is rounded down to nothing.</summary>
    public int WeightByShare()
    {
        var all = (double)Stable.Healthy + New.Healthy;
        return all == 0 ? 0 : OnlyHealthy() ?? Math.Clamp((int)Math.Round(100 * New.Healthy / all, MidpointRounding.AwayFromZero), 1, 99);
    }

    /// <summary>All of the traffic for the one version that has healthy replicas; nothing where both have, or neither.</summary>
    public int? OnlyHealthy() => (Stable.Healthy > 0, New.Healthy > 0) switch
    {
        (true, false) => 0,
        (false, true) => 100,
        _ => null,
    };

    /// <summary>
    /// The share for the new version in percent: <paramref name="earned"/>, unless only one of the versions has healthy replicas, which
    /// then has all. It keeps all until the other has as many, or as many as are wanted, so that no version comes back on its first replica.
    /// </summary>
    public int WeightByHealth(RolloutState state, int earned)
    {
        var last = state.Desired.NewWeight;
        return OnlyHealthy() ?? earned switch
        {
            0 when Stable.Healthy < Math.Min(New.Healthy, state.Order.Replicas) => last,
            100 when New.Healthy < Math.Min(Stable.Healthy, state.Order.Replicas) => last,
            _ => earned,
        };
    }
}

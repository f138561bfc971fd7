namespace PolyClaw.Core.Services.Scaling;

/// <summary>How far the number may move within the rate period, counted from where it was at the period's begin.</summary>
internal static class Pace
{
    /// <summary>The most replicas now.</summary>
    public static int Highest(IReadOnlyList<ReplicaChange> changes, int present, DateTimeOffset now, ScalingOptions options)
    {
        // A change that lies ahead, since the clock was set back, must not keep replicas from being added until the clock is there again.
        var begin = present - changes.Where(c => c.At <= now && now.Since(c.At) < options.RatePeriod).Sum(c => c.By);
        var most = Math.Max(begin + options.UpReplicas, (int)Math.Ceiling(begin * (1 + (options.UpPercent / 100.0))));
        return Math.Max(present, most);
    }

    /// <summary>The fewest replicas now.</summary>
    public static int Lowest(IReadOnlyList<ReplicaChange> changes, int present, DateTimeOffset now, ScalingOptions options)
    {
        var begin = present - changes.Where(c => (c.At <= now || c.By < 0) && now.Since(c.At) < options.RatePeriod).Sum(c => c.By);
        return Math.Min(present, (int)Math.Floor(begin * (1 - (options.DownPercent / 100.0))));
    }

    /// <summary>The changes of the period with a new one.</summary>
    public static IReadOnlyList<ReplicaChange> Add(IReadOnlyList<ReplicaChange> before, int by, DateTimeOffset now, ScalingOptions options)
    {
        var kept = before.Where(c => now.Since(c.At) < options.RatePeriod).ToList();
        if (by != 0)
            kept.Insert(kept.FindLastIndex(c => c.At <= now) + 1, new ReplicaChange(now, by));
        while (kept.Count > ScalingState.MostKept)
        {
            kept[1] = kept[1] with { By = kept[0].By + kept[1].By };
            kept.RemoveAt(0);
        }

        return kept;
    }
}

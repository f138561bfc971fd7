namespace PolyClaw.Core.Services.Scaling;

/// <summary>
/// Keeps a service from losing replicas it needed a moment ago: on the way down the highest recommendation of the window counts. Only
/// those are kept that no later one reaches, so a list that is short gives the same answer as all of them.
/// </summary>
internal static class DownWindow
{
    /// <summary>The recommendations of the window with a new one; at the first look the present number counts as one.</summary>
    public static IReadOnlyList<Recommendation> Add(IReadOnlyList<Recommendation> before, int replicas, int present, DateTimeOffset now, TimeSpan window)
    {
        var kept = before.Count == 0 ? [new Recommendation(now, present)] : before.Where(r => now.Since(r.At) < window).ToList();
        if (!kept.Any(r => r.At >= now && r.Replicas >= replicas))
        {
            kept.RemoveAll(r => r.At <= now && r.Replicas <= replicas);
            kept.Insert(kept.FindLastIndex(r => r.At <= now) + 1, new Recommendation(now, replicas));
        }

        while (kept.Count > ScalingState.MostKept)
        {
            kept[1] = kept[1] with { Replicas = kept[0].Replicas };
            kept.RemoveAt(0);
        }

        return kept;
    }

    /// <summary>The number after the window: <paramref name="replicas"/> on the way up, on the way down no fewer than the highest.</summary>
    public static int Hold(IReadOnlyList<Recommendation> recommendations, int replicas, int present) =>
        replicas >= present ? replicas : Math.Min(present, Math.Max(replicas, recommendations.Max(r => r.Replicas)));
}

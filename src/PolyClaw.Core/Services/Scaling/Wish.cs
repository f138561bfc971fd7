namespace PolyClaw.Core.Services.Scaling;

/// <summary>What the metrics ask for together.</summary>
/// <param name="Replicas">How many.</param>
/// <param name="Why">Which metric says so.</param>
internal sealed record Wish(int Replicas, string Why)
{
    /// <summary>The largest wish of all targets. While one of them is missing the others can only add replicas.</summary>
    public static Wish Of(ServiceLoad load, double tolerance)
    {
        Wish? largest = null;
        TargetSeen? missing = null;
        foreach (var seen in load.Targets)
        {
            if (Formula.Replicas(seen, load, tolerance) is not { } wanted)
                missing ??= seen;
            else if (largest is null || wanted > largest.Replicas)
                largest = new Wish(wanted, $"{seen.Name} is {seen.Average:0.##} of {seen.Target:0.##}, which wants {wanted}");
        }

        if (largest is not null && (missing is null || largest.Replicas >= load.Replicas))
            return largest;
        return new Wish(load.Replicas, missing is null ? "no metric says otherwise" : $"no figures of {missing.Name}, so nothing is taken away");
    }
}

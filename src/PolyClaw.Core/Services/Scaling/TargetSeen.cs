namespace PolyClaw.Core.Services.Scaling;

/// <summary>A metric beside the value it should have for each replica: requests at once, milliseconds, percent of its processor time.</summary>
/// <param name="Name">What a person calls it.</param>
/// <param name="Target">The value it should have, above 0.</param>
/// <param name="Average">Its value on average over the replicas that were measured.</param>
/// <param name="Measured">How many of the ready replicas were measured; 0 when the metric is missing. One figure for the whole service counts for all.</param>
public sealed record TargetSeen(string Name, double Target, double Average, int Measured)
{
    /// <summary>Whether there are figures, and they can be true.</summary>
    internal bool IsKnown => Measured > 0 && double.IsFinite(Average) && Average >= 0 && double.IsFinite(Target) && Target > 0;
}

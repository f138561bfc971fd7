namespace PolyClaw.Core.Services.Scaling;

/// <summary>What the autoscaler remembers between two looks. Its lists are bounded (<see cref="MostKept"/>) and compared by reference.</summary>
/// <param name="Recommendations">
/// The recommendations that can still be the highest of their window, the oldest first; each is lower than the one before it.
/// </param>
/// <param name="Changes">Changes of the number within the rate period, the oldest first.</param>
/// <param name="Asked">A number somebody asked for, while it is kept.</param>
public sealed record ScalingState(IReadOnlyList<Recommendation> Recommendations, IReadOnlyList<ReplicaChange> Changes, AskedReplicas? Asked)
{
    /// <summary>The most entries in each list. Beyond it the two oldest become one, which delays taking away and never hastens it.</summary>
    public const int MostKept = 64;

    /// <summary>Nothing is remembered yet.</summary>
    public static ScalingState Empty { get; } = new([], [], null);
}

/// <summary>What the metrics asked for at a look.</summary>
/// <param name="At">When.</param>
/// <param name="Replicas">How many.</param>
public sealed record Recommendation(DateTimeOffset At, int Replicas);

/// <summary>A change that was decided.</summary>
/// <param name="At">When.</param>
/// <param name="By">Replicas added; negative for those taken away.</param>
public sealed record ReplicaChange(DateTimeOffset At, int By);

/// <summary>A number that somebody asked for.</summary>
/// <param name="At">When.</param>
/// <param name="Replicas">How many.</param>
public sealed record AskedReplicas(DateTimeOffset At, int Replicas);

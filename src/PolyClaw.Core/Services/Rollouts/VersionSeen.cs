using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Services.Rollouts;

/// <summary>What was seen of one version at a look.</summary>
/// <param name="Wanted">Replicas that the world was last told to have.</param>
/// <param name="Running">Replicas that exist: being made, started, or not yet gone.</param>
/// <param name="Healthy">Those of them that answer their health checks.</param>
/// <param name="Broken">Whether it crash-loops or can never get healthy.</param>
/// <param name="Why">What broke it, or what is wrong with a replica that is not healthy.</param>
/// <param name="Requests">What it answered since the present stage began (<see cref="RolloutState.StageBegan"/>); nothing when metrics are missing.</param>
public sealed record VersionSeen(int Wanted, int Running, int Healthy, bool Broken = false, Fault? Why = null, RequestWindow? Requests = null)
{
    /// <summary>A version of which nothing exists and nothing is wanted.</summary>
    public static VersionSeen None { get; } = new(0, 0, 0);

    /// <summary>Whether nothing of it runs, and nothing that was asked for can still appear.</summary>
    internal bool IsGone => Running == 0 && Wanted == 0;
}

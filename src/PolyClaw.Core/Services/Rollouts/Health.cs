namespace PolyClaw.Core.Services.Rollouts;

/// <summary>Whether the new version's replicas get healthy, and in time.</summary>
internal static class Health
{
    /// <summary>
    /// Takes note of the healthy replicas. The deadline runs only while some are lacking: from the stage's begin, from the last time
    /// that there were more than before, or from when a version that had all it needed lost one.
    /// </summary>
    /// <param name="state">The state before.</param>
    /// <param name="look">What is seen.</param>
    /// <param name="needed">Replicas that have to be healthy for the stage to go on.</param>
    /// <param name="late">Whether the deadline has passed.</param>
    public static RolloutState Note(RolloutState state, Look look, int needed, out bool late)
    {
        var healthy = look.New.Healthy;
        var moved = healthy > state.BestHealthy || (healthy < needed && state.BestHealthy >= needed);
        if (moved)
            state = state with { BestHealthy = healthy, ProgressAt = look.Now };
        late = healthy < needed && look.Since(state.ProgressAt) > look.Options.ProgressDeadline;
        return state;
    }

    /// <summary>What a rollout that lacks replicas waits for.</summary>
    public static string? Wait(Look look, int needed) =>
        look.New.Healthy < needed ? $"holding: {look.New.Healthy} of {needed} replicas healthy" : null;
}

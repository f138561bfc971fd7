namespace PolyClaw.Core.Services.Rollouts;

/// <summary>What a look led to.</summary>
/// <param name="State">To be journaled before anything is done, where it differs from the state before.</param>
/// <param name="Desired">What the world is to be now; the same as the state's.</param>
/// <param name="Hold">What the rollout waits for, for a person: <c>holding: 12 of 50 requests</c>. Not in the state, for it changes with every look.</param>
public sealed record RolloutDecision(RolloutState State, Desired Desired, string? Hold = null);

namespace PolyClaw.Core.Services.Rollouts;

/// <summary>
/// What the world is to be. Brought about in this order, so that no request meets a replica that is going: replicas that are missing,
/// then the weight, then the removal of what is too much, where replicas that are not healthy go first.
/// </summary>
/// <param name="StableReplicas">Replicas of the old version.</param>
/// <param name="NewReplicas">Replicas of the new version.</param>
/// <param name="NewWeight">Share of the live traffic for the new version in percent, 0–100; the old one gets the rest.</param>
public sealed record Desired(int StableReplicas, int NewReplicas, int NewWeight);

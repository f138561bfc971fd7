using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Services.Rollouts;

/// <summary>An exchange of versions that is asked for. It does not change while the rollout runs.</summary>
/// <param name="Strategy">How the versions change places.</param>
/// <param name="NewVersion">Number of the version that comes, at least 1.</param>
/// <param name="Replicas">Replicas it is to have, 1–1,000.</param>
/// <param name="StableVersion">Number of the version that serves now; none for a first one.</param>
/// <param name="StableReplicas">Replicas that version has now and gets back if the rollout fails, 0–1,000.</param>
/// <param name="FirstWeight">For a canary: its first step in percent of the traffic, 1–100.</param>
/// <param name="Stateful">Whether the service may have only one version writing at a time.</param>
/// <param name="Migration">Whether it was declared that two versions of a stateful service may run side by side.</param>
public sealed record RolloutOrder(
    RolloutStrategy Strategy,
    int NewVersion,
    int Replicas,
    int? StableVersion = null,
    int StableReplicas = 0,
    int? FirstWeight = null,
    bool Stateful = false,
    bool Migration = false)
{
    /// <summary>The most replicas of one version.</summary>
    public const int MostReplicas = 1000;

    /// <summary>Whether nothing serves now: a first version, or one that was scaled to zero.</summary>
    internal bool IsAlone => StableVersion is null || StableReplicas == 0;

    /// <summary>Whether the old replicas have to be gone before the first new one starts.</summary>
    internal bool IsStopFirst => Stateful && Strategy == RolloutStrategy.Rolling;

    /// <summary>Why this cannot be done; nothing when it can.</summary>
    public Fault? FaultIn() => this switch
    {
        { NewVersion: < 1 } => new Fault("version_out_of_range", $"version is {NewVersion}", "/new_version", "a number of at least 1"),
        { Replicas: < 1 or > MostReplicas } => new Fault("replicas_out_of_range", $"replicas is {Replicas}", "/replicas", "1 to 1,000"),
        { StableReplicas: < 0 or > MostReplicas } => new Fault("replicas_out_of_range", $"stable_replicas is {StableReplicas}", "/stable_replicas", "0 to 1,000"),
        { StableVersion: null, StableReplicas: > 0 } => new Fault("stable_version_missing", $"{StableReplicas} stable replicas belong to no version", "/stable_version", "name the version, or leave stable_replicas out"),
        { StableVersion: { } stable } when stable == NewVersion => new Fault("same_version", $"version {stable} serves already", "/new_version", "deploy a version with another number"),
        { FirstWeight: < 1 or > 100 } => new Fault("weight_out_of_range", $"weight is {FirstWeight}", "/weight", "1 to 100 percent"),
        { FirstWeight: not null, Strategy: not RolloutStrategy.Canary } => new Fault("weight_without_canary", $"strategy {Wire.Name(Strategy)} shares no traffic by weight", "/weight", "strategy=canary, or leave weight out"),
        { Stateful: true, Migration: false, Strategy: not RolloutStrategy.Rolling } => new Fault("stateful_needs_migration", $"strategy {Wire.Name(Strategy)} runs two versions of a stateful service side by side", "/strategy", "strategy=rolling stops the old version first; or declare a migration"),
        _ => null,
    };
}

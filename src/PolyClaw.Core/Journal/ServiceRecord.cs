using PolyClaw.Core.Goals;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Services;
using PolyClaw.Core.Services.Rollouts;
using PolyClaw.Core.Services.Scaling;

namespace PolyClaw.Core.Journal;

/// <summary>A service as the journal keeps it: enough to go on with it after a restart, in the middle of whatever it was at.</summary>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Name">Its name.</param>
/// <param name="Versions">The versions that are remembered, oldest first; at most <see cref="MostVersions"/>.</param>
/// <param name="Stable">The version that serves; 0 while the first is coming.</param>
/// <param name="Rollout">The exchange of versions that is under way, or the last one there was.</param>
/// <param name="Scaling">What its number of replicas follows; nothing when it stays as it was deployed.</param>
/// <param name="RolloutKey">Idempotency key of the step that began <paramref name="Rollout"/>.</param>
/// <param name="Deleting">Whether it is being removed.</param>
/// <param name="LastScale">The step that last said something about the number of replicas, for taking it back.</param>
public sealed record ServiceRecord(
    string Tenant,
    string Name,
    IReadOnlyList<VersionRecord> Versions,
    int Stable,
    RolloutState? Rollout = null,
    ScalingRecord? Scaling = null,
    ScaleStep? LastScale = null,
    string? RolloutKey = null,
    bool Deleting = false)
{
    /// <summary>The most versions that are remembered.</summary>
    public const int MostVersions = 10;

    /// <summary>Whether versions change places at this moment.</summary>
    public bool IsRolling => Rollout is { } rollout && !rollout.Phase.IsTerminal();

    /// <summary>How many replicas a version's quota is held for: while versions change places, each has what it may grow to.</summary>
    /// <param name="service">The service.</param>
    /// <param name="version">The version.</param>
    public static int HeldBy(ServiceRecord service, VersionRecord version) => service is { IsRolling: true, Rollout.Order: var order }
        ? version.Number == order.NewVersion ? order.Replicas : version.Number == order.StableVersion ? order.StableReplicas : 0
        : version.Replicas;

    /// <summary>A version, or nothing when it is not remembered.</summary>
    /// <param name="number">Its number.</param>
    public VersionRecord? Version(int number) => Versions.FirstOrDefault(version => version.Number == number);
}

/// <summary>One version of a service.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Grant">What was allowed.</param>
/// <param name="Key">Idempotency key of the step that deployed it.</param>
/// <param name="RunId">The run of that step.</param>
/// <param name="Replicas">How many replicas there are to be; 0 when it is out of service.</param>
/// <param name="MadeAt">When it was deployed.</param>
/// <param name="Error">Why it was given up.</param>
/// <param name="Before">The version that served when it was deployed; nothing for a first one.</param>
/// <param name="ReplicasBefore">How many replicas that one had.</param>
public sealed record VersionRecord(
    int Number, ServiceGrantRecord Grant, string Key, RunId? RunId, int Replicas, DateTimeOffset MadeAt, Fault? Error = null, int? Before = null,
    int ReplicasBefore = 0);

/// <summary>How a service's number of replicas is found.</summary>
/// <param name="Rule">Between which numbers.</param>
/// <param name="Target">What it follows; nothing when it is only what somebody asked for.</param>
/// <param name="Asked">A number somebody asked for.</param>
public sealed record ScalingRecord(ScalingRule Rule, ScalingTargets? Target, AskedReplicas? Asked);

/// <summary>A step that said something about the number of replicas.</summary>
/// <param name="Key">Its idempotency key.</param>
/// <param name="ReplicasBefore">How many replicas there were.</param>
/// <param name="Before">What they followed.</param>
public sealed record ScaleStep(string Key, int ReplicasBefore, ScalingRecord? Before);

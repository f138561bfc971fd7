using PolyClaw.Core.Goals;
using PolyClaw.Core.Services.Rollouts;

namespace PolyClaw.Core.Services;

/// <summary>A service as it is now, for people and models.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State"><c>serving</c>, <c>rolling</c>, <c>degraded</c> (fewer healthy replicas than wanted), <c>down</c>, <c>asleep</c> or <c>going</c>.</param>
/// <param name="Address">Where requests go; nothing while the gateway does not listen.</param>
/// <param name="Stable">The version that serves; 0 while the first is coming.</param>
/// <param name="Versions">The versions that run or take traffic, and the last ones that did.</param>
/// <param name="Replicas">Every replica there is.</param>
/// <param name="Rollout">The exchange of versions that is under way, or the last one.</param>
/// <param name="Scaling">What its number of replicas follows.</param>
public sealed record ServiceView(
    string Name,
    string State,
    string? Address,
    int Stable,
    IReadOnlyList<VersionView> Versions,
    IReadOnlyList<ReplicaView> Replicas,
    RolloutView? Rollout = null,
    ScalingView? Scaling = null);

/// <summary>A version as it is now. Rates are of the last ten seconds.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Image">What it runs.</param>
/// <param name="Wanted">Replicas there are to be.</param>
/// <param name="Healthy">Replicas that answer their health checks.</param>
/// <param name="Weight">Its share of the traffic in percent.</param>
/// <param name="RequestsPerSecond">Requests answered.</param>
/// <param name="ErrorPercent">Share of them that failed.</param>
/// <param name="P50Ms">Half of them took at most this.</param>
/// <param name="P95Ms">95 % of them took at most this.</param>
/// <param name="P99Ms">99 % of them took at most this.</param>
/// <param name="InFlight">Requests under way.</param>
/// <param name="DeployedAt">When it was deployed.</param>
/// <param name="Error">Why it was given up, or cannot be healthy.</param>
public sealed record VersionView(
    int Version, string Image, int Wanted, int Healthy, int Weight, double RequestsPerSecond, double ErrorPercent, double P50Ms, double P95Ms, double P99Ms,
    int InFlight, DateTimeOffset DeployedAt, Fault? Error = null);

/// <summary>A replica as it is now.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Number">Its number within the version.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Restarts">How often its process was started again.</param>
/// <param name="Since">When it came into this state.</param>
/// <param name="Location">The engine it runs on; the local one when left out.</param>
/// <param name="Error">Why it is not healthy.</param>
public sealed record ReplicaView(int Version, int Number, ReplicaState State, int Restarts, DateTimeOffset Since, string? Location = null, Fault? Error = null);

/// <summary>An exchange of versions.</summary>
/// <param name="Strategy">How.</param>
/// <param name="Phase">Where it stands.</param>
/// <param name="From">The version before.</param>
/// <param name="To">The version that comes.</param>
/// <param name="Weight">The share that the new version has earned so far, in percent.</param>
/// <param name="Waits">What it waits for.</param>
/// <param name="Reason">Why it goes or went back.</param>
public sealed record RolloutView(RolloutStrategy Strategy, RolloutPhase Phase, int? From, int To, int Weight, string? Waits = null, Fault? Reason = null);

/// <summary>What a number of replicas follows.</summary>
/// <param name="Min">The fewest.</param>
/// <param name="Max">The most.</param>
/// <param name="Target">What it follows.</param>
/// <param name="Asked">A number that somebody asked for, while it is kept.</param>
/// <param name="Why">Why it is what it is.</param>
public sealed record ScalingView(int Min, int Max, ScalingTargets? Target, int? Asked, string? Why);

namespace PolyClaw.Core.Services.Scaling;

/// <summary>What was seen of a service at a look.</summary>
/// <param name="Replicas">Replicas it is to have at present.</param>
/// <param name="NotReady">Those of them that are not ready yet, or not any more.</param>
/// <param name="Targets">Its metrics.</param>
/// <param name="LastRequest">When a request last came, or the service was made; nothing when that is not known, and then it is never idle.</param>
/// <param name="Quota">The most replicas that the tenant's quota has room for, those it has counted in; nothing for no limit.</param>
public sealed record ServiceLoad(int Replicas, int NotReady, IReadOnlyList<TargetSeen> Targets, DateTimeOffset? LastRequest = null, int? Quota = null);

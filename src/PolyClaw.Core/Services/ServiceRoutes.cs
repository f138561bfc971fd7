namespace PolyClaw.Core.Services;

/// <summary>Where the requests to one service go: a snapshot, taken into force whole.</summary>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Service">The service's name.</param>
/// <param name="Versions">The versions that take traffic. Without one, or without a replica, requests are answered with 503.</param>
public sealed record ServiceRoutes(string Tenant, string Service, IReadOnlyList<VersionRoute> Versions)
{
    /// <summary>Whether a request to it is worth waiting for: it sleeps while nobody asks for it. Default false.</summary>
    public bool MayWake { get; init; }
}

/// <summary>One version's share of the traffic.</summary>
/// <param name="Version">The version.</param>
/// <param name="Weight">Its share in percent, 0–100; the shares of a service make 100.</param>
/// <param name="Replicas">The replicas that are well.</param>
public sealed record VersionRoute(int Version, int Weight, IReadOnlyList<ReplicaRoute> Replicas);

/// <summary>One replica that takes traffic.</summary>
/// <param name="Id">Which.</param>
/// <param name="Address">Where it answers.</param>
public sealed record ReplicaRoute(ReplicaId Id, Uri Address);

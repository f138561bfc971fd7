using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Services;

/// <summary>The gateway, seen from Core: where requests come in, and what is known of them.</summary>
public interface IServiceTraffic
{
    /// <summary>Begins to take requests, if it does not yet.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Why it cannot; nothing when it does.</returns>
    Task<Fault?> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Where a service answers; nothing before <see cref="OpenAsync"/>.</summary>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="service">Its name.</param>
    Uri? AddressOf(string tenant, string service);

    /// <summary>Whether it had routes before this instance began, and serves by them until it is given others. Default false.</summary>
    bool ServesOn => false;

    /// <summary>Puts routes into force, all of them at once; requests that are under way end where they are.</summary>
    /// <param name="routes">Of every service there is.</param>
    void Publish(IReadOnlyList<ServiceRoutes> routes);

    /// <summary>What the requests to a version came to.</summary>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="service">The service's name.</param>
    /// <param name="version">The version.</param>
    /// <param name="within">In the last while; at most ten minutes are known.</param>
    RequestFigures Requests(string tenant, string service, int version, TimeSpan within);

    /// <summary>Requests under way at a replica.</summary>
    /// <param name="replica">Which.</param>
    int InFlight(ReplicaId replica);

    /// <summary>When a request to a service last came; nothing when none has come since the start.</summary>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="service">The service's name.</param>
    DateTimeOffset? LastRequest(string tenant, string service);

    /// <summary>Completes once no request is under way at a replica that is in no route any more.</summary>
    /// <param name="replica">Which.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task DrainedAsync(ReplicaId replica, CancellationToken cancellationToken);

    /// <summary>A replica is gone for good.</summary>
    /// <param name="replica">Which.</param>
    void Forget(ReplicaId replica);

    /// <summary>Told (tenant, service) when a request waits for a service that sleeps. Called on the request's thread: return quickly.</summary>
    event Action<string, string>? Wanted;
}

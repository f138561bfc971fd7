using System.Text.Json.Serialization;
using PolyClaw.Core.Services;

namespace PolyClaw.Gateway;

/// <summary>What a gateway that is a process of its own says of itself.</summary>
/// <param name="Address">Where it takes requests.</param>
/// <param name="InFlight">Requests under way, where there are any.</param>
/// <param name="Last">When a request to a service last came.</param>
/// <param name="Wanted">Services that sleep and that requests have waited for in the last seconds.</param>
internal sealed record GatewayState(string Address, IReadOnlyList<ReplicaFlights> InFlight, IReadOnlyList<ServiceUse> Last, IReadOnlyList<ServiceName> Wanted);

/// <summary>Requests under way at a replica.</summary>
internal sealed record ReplicaFlights(ReplicaId Replica, int Count);

/// <summary>When a request to a service last came.</summary>
internal sealed record ServiceUse(string Tenant, string Service, DateTimeOffset At);

/// <summary>A service.</summary>
internal sealed record ServiceName(string Tenant, string Service);

/// <summary>All routes there are: what lies in the home, and what is put into force.</summary>
internal sealed record RouteSnapshot(IReadOnlyList<ServiceRoutes> Routes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(GatewayState))]
[JsonSerializable(typeof(RouteSnapshot))]
[JsonSerializable(typeof(RequestFigures))]
[JsonSerializable(typeof(ReplicaId))]
internal sealed partial class GatewayJson : JsonSerializerContext;

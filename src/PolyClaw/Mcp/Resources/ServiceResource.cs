using System.Text.Json;
using ModelContextProtocol.Protocol;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Services.Control;

namespace PolyClaw.Mcp.Resources;

/// <summary><c>polyclaw://services/{name}</c>.</summary>
internal sealed class ServiceResource(ServiceControl services) : SurfaceResource(
    "polyclaw://services/{name}", "polyclaw://services/", "", "service", "A service", "application/json")
{
    protected override ResourceContents? Read(string middle, Principal principal, string uri) =>
        services.Find(principal.Tenant, middle) is { } service
            ? Json(uri, JsonSerializer.Serialize(service, SurfaceJson.Default.ServiceView))
            : null;
}

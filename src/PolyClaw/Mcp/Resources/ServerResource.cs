using System.Text.Json;
using ModelContextProtocol.Protocol;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Servers;
using PolyClaw.Mcp.Tools;

namespace PolyClaw.Mcp.Resources;

/// <summary><c>polyclaw://servers/{name}</c>.</summary>
internal sealed class ServerResource(IChildServers servers) : SurfaceResource(
    "polyclaw://servers/{name}", "polyclaw://servers/", "", "server", "A child server", "application/json")
{
    protected override ResourceContents? Read(string middle, Principal principal, string uri) =>
        servers.Find(principal.Tenant, middle) is { } server
            ? Json(uri, JsonSerializer.Serialize(ServerView.Of(server), SurfaceJson.Default.ServerView))
            : null;
}

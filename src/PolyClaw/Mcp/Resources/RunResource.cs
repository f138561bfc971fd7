using System.Text.Json;
using ModelContextProtocol.Protocol;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;

namespace PolyClaw.Mcp.Resources;

/// <summary><c>polyclaw://runs/{id}</c>.</summary>
internal sealed class RunResource(Runs runs) : SurfaceResource(
    "polyclaw://runs/{id}", "polyclaw://runs/", "", "run", "A run as it is on disk", "application/json")
{
    protected override ResourceContents? Read(string middle, Principal principal, string uri) =>
        RunId.TryParse(middle, out var run) && runs.Find(principal.Tenant, run) is { } view
            ? Json(uri, JsonSerializer.Serialize(view, SurfaceJson.Default.RunView))
            : null;
}

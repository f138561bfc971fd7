using System.Text.Json;
using ModelContextProtocol.Protocol;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;

namespace PolyClaw.Mcp.Resources;

/// <summary><c>polyclaw://runs/{id}/journal</c>.</summary>
internal sealed class RunJournalResource(Runs runs) : SurfaceResource(
    "polyclaw://runs/{id}/journal", "polyclaw://runs/", "/journal", "run-journal", "What happened in a run, event by event", "application/json")
{
    protected override ResourceContents? Read(string middle, Principal principal, string uri)
    {
        if (!RunId.TryParse(middle, out var run) || runs.Find(principal.Tenant, run, after: 0) is not { Events: { } events } view)
            return null;
        var last = events.Count > 0 ? events[^1].Position : 0;
        return Json(uri, JsonSerializer.Serialize(new EventPage(events, last < view.Position ? last : null), SurfaceJson.Default.EventPage));
    }
}

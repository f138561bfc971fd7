using ModelContextProtocol.Protocol;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;

namespace PolyClaw.Mcp.Tools;

/// <summary><c>list_runs</c>.</summary>
internal sealed class ListRunsTool(Runs runs) : SurfaceTool<ListRunsArguments, RunPage>(
    "list_runs",
    "List runs",
    "Returns the runs, newest first.",
    """
    {"type":"object","additionalProperties":false,
     "properties":{
      "limit":{"type":"integer","minimum":1,"maximum":100,"default":20},
      "cursor":{"type":"string","maxLength":100,"description":"next_cursor of the page before"}}}
    """,
    SurfaceJson.Default.ListRunsArguments,
    SurfaceJson.Default.RunPage,
    new ToolAnnotations { ReadOnlyHint = true, DestructiveHint = false, IdempotentHint = true, OpenWorldHint = false })
{
    protected override Task<(RunPage? Result, Fault? Fault)> CallAsync(ListRunsArguments arguments, SurfaceCall call, CancellationToken cancellationToken)
    {
        var before = RunCursor.Read(arguments.Cursor);
        if (arguments.Cursor is not null && before is null)
            return Task.FromResult<(RunPage?, Fault?)>((null, new Fault("bad_cursor", "this is no cursor of ours", "/cursor", "pass next_cursor on unchanged")));
        var most = arguments.Limit ?? 20;
        var found = runs.List(call.Principal.Tenant, before, most + 1);
        var page = found.Take(most).ToList();
        return Task.FromResult<(RunPage?, Fault?)>((new RunPage(
            [.. page.Select(r => new RunLine(r.RunId.Value, r.Status, r.Goal, r.CreatedAt, r.EndedAt, r.Error))],
            found.Count > most ? RunCursor.Write(page[^1]) : null), null));
    }
}

using ModelContextProtocol.Protocol;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;

namespace PolyClaw.Mcp.Tools;

/// <summary><c>get_run</c>.</summary>
internal sealed class GetRunTool(Runs runs, RunWaiting waiting) : SurfaceTool<GetRunArguments, RunView>(
    "get_run",
    "Look at a run",
    "Returns a run as it is on disk. wait_seconds waits until it ends or needs somebody; after (a position) adds the events since then.",
    """
    {"type":"object","additionalProperties":false,"required":["run_id"],
     "properties":{
      "run_id":{"type":"string","minLength":26,"maxLength":26},
      "wait_seconds":{"type":"integer","minimum":0,"maximum":240,"default":0},
      "after":{"type":"integer","minimum":0,"description":"position of an earlier answer; events after it are added"}}}
    """,
    SurfaceJson.Default.GetRunArguments,
    SurfaceJson.Default.RunView,
    new ToolAnnotations { ReadOnlyHint = true, DestructiveHint = false, IdempotentHint = true, OpenWorldHint = false })
{
    protected override async Task<(RunView? Result, Fault? Fault)> CallAsync(GetRunArguments arguments, SurfaceCall call, CancellationToken cancellationToken)
    {
        if (call.IsAgain)
            return await waiting.AgainAsync(call, TimeSpan.FromSeconds(arguments.WaitSeconds ?? 0), cancellationToken, arguments.After);
        if (!RunId.TryParse(arguments.RunId, out var run))
            return (null, RunWaiting.Malformed(arguments.RunId));
        if (runs.Find(call.Principal.Tenant, run) is null)
            return (null, RunWaiting.Unknown(arguments.RunId));
        return await waiting.ForAsync(run, TimeSpan.FromSeconds(arguments.WaitSeconds ?? 0), call, cancellationToken, arguments.After);
    }
}

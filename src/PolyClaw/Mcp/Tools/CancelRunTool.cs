using ModelContextProtocol.Protocol;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;

namespace PolyClaw.Mcp.Tools;

/// <summary><c>cancel_run</c>.</summary>
internal sealed class CancelRunTool(Runs runs, RunWaiting waiting) : SurfaceTool<CancelRunArguments, RunView>(
    "cancel_run",
    "Cancel a run",
    "Stops a run. What it did is undone, unless rollback is false.",
    """
    {"type":"object","additionalProperties":false,"required":["run_id"],
     "properties":{
      "run_id":{"type":"string","minLength":26,"maxLength":26},
      "rollback":{"type":"boolean","default":true}}}
    """,
    SurfaceJson.Default.CancelRunArguments,
    SurfaceJson.Default.RunView,
    new ToolAnnotations { ReadOnlyHint = false, DestructiveHint = true, IdempotentHint = true, OpenWorldHint = false })
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    protected override async Task<(RunView? Result, Fault? Fault)> CallAsync(CancelRunArguments arguments, SurfaceCall call, CancellationToken cancellationToken)
    {
        if (!RunId.TryParse(arguments.RunId, out var run))
            return (null, RunWaiting.Malformed(arguments.RunId));
        var fault = await runs.CancelAsync(call.Principal, run, arguments.Rollback ?? true);
        return fault is null ? await waiting.ForEndAsync(run, Patience, call, cancellationToken) : (null, fault);
    }
}

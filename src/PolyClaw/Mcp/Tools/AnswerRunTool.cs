using ModelContextProtocol.Protocol;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;

namespace PolyClaw.Mcp.Tools;

/// <summary><c>answer_run</c>.</summary>
internal sealed class AnswerRunTool(Runs runs, RunWaiting waiting) : SurfaceTool<AnswerRunArguments, RunView>(
    "answer_run",
    "Answer a run's question",
    "Passes on a person's answer to the question in pending_input. An approval counts only from a person, so it cannot be given here by a model.",
    """
    {"type":"object","additionalProperties":false,"required":["run_id","input_id"],
     "properties":{
      "run_id":{"type":"string","minLength":26,"maxLength":26},
      "input_id":{"type":"string","maxLength":64},
      "approve":{"type":"boolean"},
      "answer":{"type":"string","maxLength":8000}}}
    """,
    SurfaceJson.Default.AnswerRunArguments,
    SurfaceJson.Default.RunView,
    new ToolAnnotations { ReadOnlyHint = false, DestructiveHint = false, IdempotentHint = false, OpenWorldHint = false })
{
    protected override async Task<(RunView? Result, Fault? Fault)> CallAsync(AnswerRunArguments arguments, SurfaceCall call, CancellationToken cancellationToken)
    {
        if (call.IsAgain)
            return await waiting.AgainAsync(call, TimeSpan.Zero, cancellationToken);
        if (!RunId.TryParse(arguments.RunId, out var run))
            return (null, RunWaiting.Malformed(arguments.RunId));
        var fault = await runs.AnswerAsync(call.Principal, run, arguments.InputId, arguments.Approve, arguments.Answer);
        return fault is null ? await waiting.ForAsync(run, TimeSpan.Zero, call, cancellationToken) : (null, fault);
    }
}

using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Servers;
using PolyClaw.Mcp.Wire;

namespace PolyClaw.Mcp.Tools;

/// <summary><c>call_tool</c>: a child's tool, its result passed on as it came.</summary>
internal sealed class CallToolTool(DirectCalls calls) : McpServerTool
{
    private const string Look = "the call may have had its effect: look before you repeat it";

    public override Tool ProtocolTool { get; } = new()
    {
        Name = "call_tool",
        Title = "Call a child server's tool",
        Description = "Calls a tool of a child server and returns its result unchanged. find_tools names tools and their input schemas.",
        InputSchema = JsonElement.Parse("""
            {"type":"object","additionalProperties":false,"required":["server","tool"],
             "properties":{
              "server":{"type":"string","minLength":1,"maxLength":63},
              "tool":{"type":"string","minLength":1,"maxLength":128},
              "arguments":{"type":"object"}}}
            """),
        Annotations = new() { Title = "Call a child server's tool", ReadOnlyHint = false, DestructiveHint = true, IdempotentHint = false, OpenWorldHint = true },
    };

    public override IReadOnlyList<object> Metadata => [];

    public override async ValueTask<CallToolResult> InvokeAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken = default)
    {
        var given = request.Params.Arguments!;
        JsonElement? arguments = given.TryGetValue("arguments", out var element) ? element : null;
        var call = new PlanAction.CallTool(given["server"].GetString()!, given["tool"].GetString()!, arguments);
        var progress = new ProgressTelling(request.Server, request.Params.ProgressToken);
        var outcome = await calls.CallAsync(Callers.Of(request), call, new ChildProgress(progress), cancellationToken);
        await progress.Told;
        return outcome switch
        {
            ToolOutcome.Answered answered => VerbatimResult.Of(answered.Result) ?? ToolAnswers.Error(Unusable(call)),
            ToolOutcome.NotCalled refused => ToolAnswers.Error(refused.Error),
            ToolOutcome.Lost lost => ToolAnswers.Error(lost.Error with { Fix = lost.Error.Fix ?? Look }),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static Fault Unusable(PlanAction.CallTool call) =>
        new("child_answer_unusable", $"{call.Server}.{call.Tool} answered, and its answer is no tool result: it has no list of content, or text that is none", Fix: Look);
}

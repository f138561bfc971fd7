using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Servers;

namespace PolyClaw.Mcp.Tools;

/// <summary><c>call_tool</c>: a child's tool, its result passed on as it came.</summary>
internal sealed class CallToolTool(DirectCalls calls) : McpServerTool
{
    private static readonly JsonTypeInfo<CallToolResult> ResultType =
        (JsonTypeInfo<CallToolResult>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(CallToolResult));

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
        return await calls.CallAsync(Callers.Of(request), call, Silent.Instance, cancellationToken) switch
        {
            ToolOutcome.Answered answered => answered.Result.Deserialize(ResultType)!,
            ToolOutcome.NotCalled refused => ToolAnswers.Error(refused.Error),
            ToolOutcome.Lost lost => ToolAnswers.Error(lost.Error with { Fix = lost.Error.Fix ?? "the call may have had its effect: look before you repeat it" }),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private sealed class Silent : IProgress<string>
    {
        public static Silent Instance { get; } = new();

        public void Report(string value)
        {
            // The child's progress has no place in a verbatim result.
        }
    }
}

using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace PolyClaw.Conformance;

/// <summary>Tools that talk to the client while they run.</summary>
internal sealed class SessionTools
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    [McpServerTool(Name = "test_tool_with_logging"), Description("Logs while it runs.")]
    public static async Task<string> Log(McpServer server, TimeProvider clock, CancellationToken cancellationToken)
    {
        foreach (var text in (string[])["Tool execution started", "Tool processing data", "Tool execution completed"])
        {
            ClientLog.Write(server, text);
            await Task.Delay(Pause, clock, cancellationToken);
        }

        return "Tool with logging executed successfully";
    }

    [McpServerTool(Name = "test_tool_with_progress"), Description("Tells of its progress.")]
    public static async Task<string> Progress(
        McpServer server, RequestContext<CallToolRequestParams> request, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (request.Params.ProgressToken is not { } token)
            return "No progress token provided";
        foreach (var done in (int[])[0, 50, 100])
        {
            await server.NotifyProgressAsync(token, new() { Progress = done, Total = 100 }, cancellationToken: cancellationToken);
            await Task.Delay(Pause, clock, cancellationToken);
        }

        return token.ToString() ?? "";
    }

    [McpServerTool(Name = "test_sampling"), Description("Asks the client's model.")]
    public static async Task<string> Sample(
        McpServer server, [Description("What to ask.")] string prompt, CancellationToken cancellationToken)
    {
#pragma warning disable MCP9005 // Sampling is deprecated; earlier clients still have it.
        var result = await server.SampleAsync(Questions.Model(prompt), cancellationToken);
#pragma warning restore MCP9005
        return $"LLM response: {result.Content.OfType<TextContentBlock>().FirstOrDefault()?.Text}";
    }
}

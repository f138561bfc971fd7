using System.Security.Cryptography;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace PolyClaw.Mcp.Wire;

/// <summary>
/// The edge of every tool call: a connection that is gone cancels it, wrong arguments are answered before the tool runs, and what a tool
/// throws goes to the log under an id while the caller is told the id alone.
/// </summary>
internal sealed partial class ToolCallGuard(
    ILogger<ToolCallGuard> log, IHttpContextAccessor? http, ToolArgumentsGuard arguments)
{
    public async ValueTask<CallToolResult> CallAsync(
        McpRequestHandler<CallToolRequestParams, CallToolResult> next,
        RequestContext<CallToolRequestParams> request,
        CancellationToken cancellationToken)
    {
        // In a session of an earlier revision the library goes on when the caller's connection drops, though it could deliver nothing any more.
        using var both = http?.HttpContext is { } context
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, context.RequestAborted)
            : null;
        var ending = both?.Token ?? cancellationToken;
        try
        {
            return arguments.Judge(request) ?? await next(request, ending);
        }
        catch (Exception e) when (!IsMeantForCaller(e, ending))
        {
            var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
            LogFailed(e, WireText.Shown(request.Params.Name), id);
            return new CallToolResult
            {
                IsError = true,
                Content = [new TextContentBlock { Text = $"The tool failed. The server's log has the details under the error id {id}." }],
            };
        }
    }

    /// <summary>Cancellation, a question to the caller, and protocol errors, which are thrown on purpose and with a text for the caller.</summary>
    private static bool IsMeantForCaller(Exception e, CancellationToken ending) =>
        e is InputRequiredException or McpProtocolException || (e is OperationCanceledException && ending.IsCancellationRequested);

    [LoggerMessage(LogLevel.Error, "Tool {Tool} failed, error id {ErrorId}")]
    private partial void LogFailed(Exception exception, string tool, string errorId);
}

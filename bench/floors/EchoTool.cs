using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace PolyClaw.Bench.Floors;

/// <summary>The one tool of both floors: gives back its text. Linked into each, so that they differ in their transport alone.</summary>
internal static class EchoTool
{
    private static readonly ListToolsResult Listed = new()
    {
        Tools =
        [
            new Tool
            {
                Name = "echo",
                Description = "Gives back its text.",
                InputSchema = JsonElement.Parse("""{"type":"object","properties":{"text":{"type":"string"}},"required":["text"]}"""),
                Annotations = new ToolAnnotations { ReadOnlyHint = true, IdempotentHint = true, DestructiveHint = false, OpenWorldHint = false },
            },
        ],
    };

    public static ValueTask<ListToolsResult> ListAsync(RequestContext<ListToolsRequestParams> _, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<ListToolsResult>(cancellationToken) : ValueTask.FromResult(Listed);

    public static ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var text = request.Params?.Arguments?["text"].GetString() ?? "";
        return ValueTask.FromResult(new CallToolResult { Content = [new TextContentBlock { Text = text }] });
    }
}

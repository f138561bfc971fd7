using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace PolyClaw.Tests.Mcp;

/// <summary>Calls as a client makes them, with arguments written in JSON.</summary>
internal static class ClientCalls
{
    public static async Task<CallToolResult> CallAsync(
        this McpClient client, string tool, string arguments = "{}", IProgress<ProgressNotificationValue>? progress = null, CancellationToken cancellationToken = default) =>
        await client.CallToolAsync(
            tool, JsonNode.Parse(arguments)!.AsObject().ToDictionary(p => p.Key, p => (object?)p.Value), progress, cancellationToken: cancellationToken);

    public static async Task<JsonNode> ViewAsync(this McpClient client, string tool, string arguments = "{}")
    {
        var result = await client.CallAsync(tool, arguments);
        Assert.False(result.IsError ?? false, result.Text());
        return result.View();
    }

    /// <summary>A call with a state of the client's own making.</summary>
    public static async Task<CallToolResult> AgainAsync(this McpClient client, string tool, string arguments, string state, string? responses)
    {
        var parameters = new JsonObject { ["name"] = tool, ["arguments"] = JsonNode.Parse(arguments), ["requestState"] = state };
        if (responses is not null)
            parameters["inputResponses"] = JsonNode.Parse(responses);
        var answer = await client.SendRequestAsync(new JsonRpcRequest { Method = "tools/call", Params = parameters });
        return answer.Result.Deserialize((JsonTypeInfo<CallToolResult>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(CallToolResult)))!;
    }

    public static JsonNode View(this CallToolResult result) => JsonNode.Parse(result.StructuredContent!.Value.GetRawText())!;

    public static string Text(this CallToolResult result) => string.Concat(result.Content.OfType<TextContentBlock>().Select(t => t.Text));

    public static string Quote(this string text) => JsonSerializer.Serialize(text);
}

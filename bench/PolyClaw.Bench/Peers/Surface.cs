using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace PolyClaw.Bench.Peers;

/// <summary>PolyClaw's tools as the rows use them. Each throws when the answer is no success.</summary>
internal static class Surface
{
    private static readonly Dictionary<string, object?> Text = new() { ["text"] = "hello" };

    public static async Task CreateServerAsync(this McpClient client, string name, JsonObject source, CancellationToken cancellationToken)
    {
        var answer = await client.AskAsync("create_server", new() { ["name"] = name, ["source"] = Element(source), ["wait_seconds"] = 120 }, cancellationToken);
        if (answer.GetProperty("state").GetString() is not ("ready" or "idle"))
            throw new InvalidOperationException($"{name} is not ready: {answer.GetRawText()}");
    }

    public static Task RemoveServerAsync(this McpClient client, string name, CancellationToken cancellationToken) =>
        client.AskAsync("remove_server", new() { ["name"] = name }, cancellationToken);

    /// <summary>Calls a child's echo through PolyClaw.</summary>
    public static async Task EchoThroughAsync(this McpClient client, string server, CancellationToken cancellationToken) =>
        Check(await client.CallToolAsync("call_tool", new Dictionary<string, object?> { ["server"] = server, ["tool"] = "echo", ["arguments"] = EchoArguments }, cancellationToken: cancellationToken));

    /// <summary>Calls the echo of the server at the other end.</summary>
    public static async Task EchoAsync(this McpClient client, CancellationToken cancellationToken) =>
        Check(await client.CallToolAsync("echo", Text, cancellationToken: cancellationToken));

    /// <summary>Carries out a goal and gives its run.</summary>
    public static async Task<JsonElement> RunGoalAsync(this McpClient client, string goal, CancellationToken cancellationToken)
    {
        var run = await client.AskAsync("plan_and_execute", new() { ["goal"] = goal, ["wait_seconds"] = 240 }, cancellationToken);
        return run.GetProperty("status").GetString() == "succeeded" ? run : throw new InvalidOperationException($"the run did not succeed: {run.GetRawText()[..Math.Min(2_000, run.GetRawText().Length)]}");
    }

    private static JsonElement EchoArguments { get; } = JsonElement.Parse("""{"text":"hello"}""");

    private static async Task<JsonElement> AskAsync(this McpClient client, string tool, Dictionary<string, object?> arguments, CancellationToken cancellationToken)
    {
        var result = await client.CallToolAsync(tool, arguments, cancellationToken: cancellationToken);
        Check(result);
        return result.StructuredContent ?? throw new InvalidOperationException($"{tool} gave no structured answer");
    }

    private static void Check(CallToolResult result)
    {
        if (result.IsError is true)
            throw new InvalidOperationException(string.Join(' ', result.Content.OfType<TextContentBlock>().Select(block => block.Text)));
    }

    private static JsonElement Element(JsonNode node) => JsonElement.Parse(node.ToJsonString());
}

using System.Text.Json.Nodes;

namespace PolyClaw.Bench.Peers;

/// <summary>Messages that are sent as they stand, with no client library in the time that is taken.</summary>
internal static class Lines
{
    public const string Initialize =
        """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}}""";

    /// <summary>A definition for ToolServer: one tool in JavaScript that gives back its text.</summary>
    public static string Definition { get; } = new JsonObject
    {
        ["version"] = 1,
        ["name"] = "bench",
        ["tools"] = new JsonArray(EchoTool()),
    }.ToJsonString();

    /// <summary>The source of a server of kind <c>tools</c> with the same tool.</summary>
    public static JsonObject ToolsSource() => new() { ["kind"] = "tools", ["tools"] = new JsonArray(EchoTool()) };

    private static JsonObject EchoTool() => new()
    {
        ["name"] = "echo",
        ["description"] = "Gives back its text.",
        ["language"] = "javascript",
        ["code"] = "(input) => ({ text: input.text })",
        ["input_schema"] = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { ["text"] = new JsonObject { ["type"] = "string" } },
            ["required"] = new JsonArray("text"),
        },
    };
}

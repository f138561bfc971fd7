using System.Text.Json;

namespace PolyClaw.Tests.Http;

/// <summary>Messages as clients send them, and answers as they read them.</summary>
internal static class HttpText
{
    public const string Meta = """
        "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}
        """;

    /// <summary>A call of a tool, of revision 2026-07-28.</summary>
    public static string Call(string tool = "count", string arguments = "{}", string id = "1") =>
        "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool + "\",\"arguments\":" + arguments + "," + Meta + "}}";

    /// <summary>The JSON-RPC message of an answer, be it plain or an event stream.</summary>
    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        if (response.Content.Headers.ContentType?.MediaType == "text/event-stream")
            text = text.Split('\n').Last(line => line.StartsWith("data:", StringComparison.Ordinal))["data:".Length..];
        using var parsed = JsonDocument.Parse(text);
        return parsed.RootElement.Clone();
    }

    public static int Code(JsonElement message) => message.GetProperty("error").GetProperty("code").GetInt32();
}

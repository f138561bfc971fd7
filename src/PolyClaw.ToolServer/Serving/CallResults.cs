using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using PolyClaw.ToolServer.Scripting;
using PolyClaw.ToolServer.Wire;
using PolyClaw.ToolServer.Workers;

namespace PolyClaw.ToolServer.Serving;

/// <summary>Makes a call's end a tool result: a failure too is a result, which the calling model reads.</summary>
internal static class CallResults
{
    /// <summary><c>_meta</c> key of the lines a call logged.</summary>
    public const string LogMetaKey = "polyclaw/log";

    // A careful client closes a connection that sends a longer line; better to fail one call.
    private const int MaxMessageBytes = 4 * 1024 * 1024;
    private const int EnvelopeBytes = 16 * 1024;
    private const int LogLinesInFailure = 20;

    public static CallToolResult Of(CallEnd call, bool anyStructuredContent)
    {
        var result = call.End switch
        {
            WorkerMessage.Returned output => Returned(output.Json, call, anyStructuredContent),
            WorkerMessage.Failed failed => Failed(failed.Reason, call.Log),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        if (call.Log.Count > 0)
        {
            result.Meta = new JsonObject { [LogMetaKey] = new JsonArray([.. call.Log.Select(line => (JsonNode)JsonValue.Create(line))]) };
        }

        return result;
    }

    private static CallToolResult Returned(string json, CallEnd call, bool anyStructuredContent)
    {
        JsonElement output;
        try
        {
            output = JsonElement.Parse(json, new JsonDocumentOptions { MaxDepth = ScriptLimits.OutputDepth });
        }
        catch (JsonException)
        {
            return Failed($"the output is nested deeper than {ScriptLimits.OutputDepth} levels: return a flatter value", call.Log);
        }

        var structured = anyStructuredContent || output.ValueKind == JsonValueKind.Object;
        var bytes = EnvelopeBytes + WireBytes(json) + (structured ? Encoding.UTF8.GetByteCount(json) : 0)
            + call.Attachments.Sum(a => WireBytes(a.Text)) + call.Log.Sum(WireBytes);
        if (bytes > MaxMessageBytes)
        {
            return Failed($"output, attachments and log are {bytes} bytes as a message; {MaxMessageBytes} are allowed: return less", call.Log);
        }

        return new CallToolResult
        {
            Content = [new TextContentBlock { Text = json }, .. call.Attachments.Select(Attachment)],
            StructuredContent = structured ? output : null,
        };
    }

    private static CallToolResult Failed(string reason, IReadOnlyList<string> log)
    {
        var text = log.Count == 0
            ? reason
            : $"{reason}\nLast lines it logged:\n{string.Join('\n', log.TakeLast(LogLinesInFailure).Select(Shortened))}";
        return new CallToolResult { Content = [new TextContentBlock { Text = text }], IsError = true };
    }

    private static EmbeddedResourceBlock Attachment(WorkerMessage.Attached file) => new()
    {
        Resource = new TextResourceContents { Uri = $"attachment:///{file.Name}", MimeType = file.Mime, Text = file.Text },
    };

    private static string Shortened(string line) => line.Length <= 500 ? line : $"{line[..500]}…";

    private static int WireBytes(string text) => JsonEncodedText.Encode(text).EncodedUtf8Bytes.Length + 2;
}

using System.Text;
using System.Text.Json;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Execution.Handlers;

/// <summary>Reads a child's <c>CallToolResult</c>: the data for later steps, the text for people, the files it attached.</summary>
internal static class ToolResults
{
    private const int MostFiles = 16;
    private const int LongestMessage = 300;

    public static StepOutcome Outcome(PlanAction.CallTool call, ToolOutcome.Answered answered, BlobStore blobs)
    {
        var text = Text(answered.Result);
        if (answered.IsError)
            return new StepOutcome.Failed(new Fault("tool_error", $"{call.Server}.{call.Tool}: {Short(text)}"), Data: Data(answered.Result, text));
        var files = Files(answered.Result, blobs);
        return new StepOutcome.Succeeded(Short(files.Count > 0 ? $"{files.Count} files; {text}" : text), Data(answered.Result, text), files);
    }

    /// <summary>structuredContent, else <c>{text}</c>.</summary>
    private static JsonElement Data(JsonElement result, string text) =>
        result.TryGetProperty("structuredContent", out var structured) && structured.ValueKind is not JsonValueKind.Null
            ? structured
            : JsonSerializer.SerializeToElement(new TextData(text), HandlerJson.Default.TextData);

    private static string Text(JsonElement result) => string.Join('\n', Content(result)
        .Where(c => c.TryGetProperty("type", out var type) && type.ValueEquals("text") && c.TryGetProperty("text", out _))
        .Select(c => c.GetProperty("text").GetString()));

    private static IEnumerable<JsonElement> Content(JsonElement result) =>
        result.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Array
            ? content.EnumerateArray().Where(c => c.ValueKind == JsonValueKind.Object)
            : [];

    private static List<Artifact> Files(JsonElement result, BlobStore blobs)
    {
        var files = new List<Artifact>();
        foreach (var block in Content(result).Take(MostFiles))
        {
            if (!block.TryGetProperty("resource", out var resource) || Bytes(resource) is not { } bytes)
                continue;
            var uri = resource.TryGetProperty("uri", out var u) ? u.GetString() : null;
            var mime = resource.TryGetProperty("mimeType", out var m) ? m.GetString() : null;
            files.Add(new Artifact(ArtifactName.From(uri, files.Count + 1), mime ?? "application/octet-stream", bytes.Length, blobs.Put(bytes)));
        }

        return files;
    }

    private static byte[]? Bytes(JsonElement resource)
    {
        if (resource.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String)
            return Encoding.UTF8.GetBytes(text.GetString()!);
        return resource.TryGetProperty("blob", out var blob) && blob.ValueKind == JsonValueKind.String && blob.TryGetBytesFromBase64(out var bytes) ? bytes : null;
    }

    private static string Short(string text) => text.Length <= LongestMessage ? text : text[..LongestMessage] + "…";
}

/// <summary>What a tool that gives no structured data offers to later steps.</summary>
internal sealed record TextData(string Text);

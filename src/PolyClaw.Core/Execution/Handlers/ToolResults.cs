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
        if (!IsResult(answered.Result))
            return new StepOutcome.Failed(new Fault(
                "child_answer_unusable", $"{call.Server}.{call.Tool} answered, and its answer is no tool result: it has no list of content, or data that cannot be read",
                Fix: "the call may have had its effect: look before it is repeated"));
        var text = Text(answered.Result);
        if (answered.IsError)
            return new StepOutcome.Failed(new Fault("tool_error", $"{call.Server}.{call.Tool}: {Short(text)}"), Data: Data(answered.Result, text));
        var files = Files(answered.Result, blobs);
        var said = text.Length == 0 ? "answered without text" : text;
        return new StepOutcome.Succeeded(Short(files.Count > 0 ? $"{files.Count} files; {said}" : said), Data(answered.Result, text), files);
    }

    /// <summary>structuredContent, else <c>{text}</c>.</summary>
    private static JsonElement Data(JsonElement result, string text) =>
        result.TryGetProperty("structuredContent", out var structured) && structured.ValueKind is not JsonValueKind.Null
            ? structured
            : JsonSerializer.SerializeToElement(new TextData(text), HandlerJson.Default.TextData);

    private static string Text(JsonElement result) => string.Join('\n', Content(result)
        .Where(c => TextOf(c, "type") == "text")
        .Select(c => TextOf(c, "text"))
        .OfType<string>());

    private static bool IsResult(JsonElement result) =>
        result.ValueKind == JsonValueKind.Object && result.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Array
        && (!result.TryGetProperty("structuredContent", out var structured) || JsonStrings.AreText(structured));

    /// <summary>What of its content can be read at all; a child may write anything.</summary>
    private static IEnumerable<JsonElement> Content(JsonElement result) =>
        result.GetProperty("content").EnumerateArray().Where(c => c.ValueKind == JsonValueKind.Object);

    private static string? TextOf(JsonElement of, string name)
    {
        if (!of.TryGetProperty(name, out var text) || text.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half of a pair, such as \ud800 alone: valid JSON, and no text.
            return null;
        }
    }

    private static List<Artifact> Files(JsonElement result, BlobStore blobs)
    {
        var files = new List<Artifact>();
        foreach (var block in Content(result).Take(MostFiles))
        {
            if (!block.TryGetProperty("resource", out var resource) || resource.ValueKind != JsonValueKind.Object || Bytes(resource) is not { } bytes)
                continue;
            files.Add(new Artifact(ArtifactName.From(TextOf(resource, "uri"), files.Count + 1), TextOf(resource, "mimeType") ?? "application/octet-stream", bytes.Length, blobs.Put(bytes)));
        }

        return files;
    }

    private static byte[]? Bytes(JsonElement resource)
    {
        if (TextOf(resource, "text") is { } text)
            return Encoding.UTF8.GetBytes(text);
        return resource.TryGetProperty("blob", out var blob) && blob.ValueKind == JsonValueKind.String && blob.TryGetBytesFromBase64(out var bytes) ? bytes : null;
    }

    private static string Short(string text) => text.Length <= LongestMessage ? text : text[..LongestMessage] + "…";
}

/// <summary>What a tool that gives no structured data offers to later steps.</summary>
internal sealed record TextData(string Text);

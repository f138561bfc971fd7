using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol.Protocol;
using PolyClaw.Core.Goals;

namespace PolyClaw.Mcp;

/// <summary>The two forms of an answer: structured with its text, and an error that the calling model can act on.</summary>
internal static class ToolAnswers
{
    /// <summary>Where in an error's <c>_meta</c> the fault stands, for programs; the text is for models.</summary>
    public const string FaultKey = "polyclaw/fault";

    public static CallToolResult Structured<T>(T value, JsonTypeInfo<T> type)
    {
        var structured = JsonSerializer.SerializeToElement(value, type);
        return new CallToolResult
        {
            Content = [new TextContentBlock { Text = structured.GetRawText() }],
            StructuredContent = structured,
        };
    }

    public static CallToolResult Error(Fault fault) => new()
    {
        IsError = true,
        Content = [new TextContentBlock { Text = $"{fault.Code}: {fault}" }],
        Meta = new JsonObject { [FaultKey] = JsonSerializer.SerializeToNode(fault, SurfaceJson.Default.Fault) },
    };
}

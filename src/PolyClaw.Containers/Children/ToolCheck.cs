using System.Text.Json;
using System.Text.Json.Nodes;
using PolyClaw.Containers.Children.Listing;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Schemas;
using PolyClaw.Core.Servers;

namespace PolyClaw.Containers.Children;

/// <summary>Judges what goes to a tool and what comes back by the tool's own schemas.</summary>
internal static class ToolCheck
{
    private static readonly JsonElement NoArguments = EmptyObject();

    /// <summary>What is wrong with the arguments of a call; nothing when they will do.</summary>
    public static Fault? Arguments(ListedTool tool, JsonElement? arguments)
    {
        var given = arguments ?? NoArguments;
        if (given.ValueKind != JsonValueKind.Object)
            return new Fault("tool_arguments", $"arguments are {given.ValueKind.ToString().ToLowerInvariant()}, not an object", "/arguments", "give a JSON object");
        if (tool.Input?.Validate(given) is not { Valid: false } judged)
            return null;
        var first = judged.Faults.Count > 0 ? judged.Faults[0] : null;
        return new Fault("tool_arguments", $"the arguments do not fit tool '{tool.Info.Name}': {All(judged, "/arguments")}", "/arguments" + first?.Path, first?.Fix);
    }

    /// <summary>The outcome; one whose structured result is not what the tool's schema says becomes an error that says so, with the result still in it.</summary>
    public static ToolOutcome Output(ListedTool tool, ToolOutcome outcome)
    {
        if (tool.Output is not { } schema || outcome is not ToolOutcome.Answered { IsError: false } answered)
            return outcome;
        if (!answered.Result.TryGetProperty("structuredContent"u8, out var structured))
            return Marked(answered, "the tool states an output schema and gave no structured result");
        var judged = schema.Validate(structured);
        return judged.Valid ? outcome : Marked(answered, $"the tool's structured result is not what its output schema says: {All(judged, "/structuredContent")}");
    }

    private static ToolOutcome.Answered Marked(ToolOutcome.Answered answered, string problem)
    {
        var result = JsonNode.Parse(answered.Result.GetRawText())!.AsObject();
        if (result["content"] is not JsonArray content)
            result["content"] = content = [];
        content.Insert(0, new JsonObject { ["type"] = "text", ["text"] = problem });
        result["isError"] = true;
        return new ToolOutcome.Answered(JsonSerializer.SerializeToElement(result, ChildJson.Default.JsonObject), IsError: true);
    }

    private static string All(SchemaResult judged, string prefix) =>
        judged.Faults.Count == 0 ? "they take too long to judge" : string.Join("; ", judged.Faults.Select(fault => fault.ToFault(prefix)));

    private static JsonElement EmptyObject()
    {
        using var document = JsonDocument.Parse("{}");
        return document.RootElement.Clone();
    }
}

using System.Text.Json;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Servers;

namespace PolyClaw.Containers.Children;

/// <summary>Runs the examples that came with the tools. A server whose tools do not do what their maker said is not kept.</summary>
internal static class ExampleCheck
{
    private const int MaxFaults = 20;

    /// <summary>Runs all of them.</summary>
    /// <returns>What failed, each with its place in the spec; empty when all is well.</returns>
    public static async Task<IReadOnlyList<Fault>> RunAsync(
        ChildLink link, ServerSource.Tools source, TimeSpan limit, IProgress<string> progress, CancellationToken cancellationToken)
    {
        var faults = new List<Fault>();
        for (var t = 0; t < source.Definitions.Count; t++)
        {
            var tool = source.Definitions[t];
            for (var e = 0; e < (tool.Examples?.Count ?? 0) && faults.Count < MaxFaults; e++)
            {
                progress.Report($"trying example {e + 1} of {tool.Name}");
                var example = tool.Examples![e];
                var outcome = await link.CallAsync(tool.Name, example.Input, progress, limit, cancellationToken);
                Judge(outcome, example, tool.Name, $"/source/tools/{t}/examples/{e}", faults);
            }
        }

        return faults;
    }

    private static void Judge(ToolOutcome outcome, ToolExample example, string tool, string path, List<Fault> faults)
    {
        switch (outcome)
        {
            case ToolOutcome.Answered { IsError: false } answered when example.Output is { } expected:
                JsonDifference.Collect(expected, Output(answered.Result), path + "/output", faults, MaxFaults);
                break;
            case ToolOutcome.Answered { IsError: false }:
                break;
            case ToolOutcome.Answered failed:
                faults.Add(new Fault("example_failed", $"tool '{tool}' answered its example with an error: {Text(failed.Result)}", path));
                break;
            case ToolOutcome.NotCalled refused:
                faults.Add(new Fault("example_failed", $"tool '{tool}' could not be called: {refused.Error.Message}", path));
                break;
            case ToolOutcome.Lost lost:
                faults.Add(new Fault("example_failed", $"tool '{tool}' gave no answer to its example: {lost.Error.Message}", path));
                break;
        }
    }

    // The structured result; of a tool without one, its text, read as JSON where it is JSON.
    private static JsonElement Output(JsonElement result)
    {
        if (result.TryGetProperty("structuredContent"u8, out var structured))
            return structured;
        var text = RawText(result);
        try
        {
            using var parsed = JsonDocument.Parse(text);
            return parsed.RootElement.Clone();
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(System.Text.Json.Nodes.JsonValue.Create(text), ChildJson.Default.JsonNode);
        }
    }

    private static string Text(JsonElement result) => Listing.PlainText.Quote(RawText(result));

    private static string RawText(JsonElement result) =>
        result.TryGetProperty("content"u8, out var content) && content.ValueKind == JsonValueKind.Array
            ? string.Join('\n', content.EnumerateArray()
                .Where(item => item.ValueKind == JsonValueKind.Object && item.TryGetProperty("text"u8, out var text) && text.ValueKind == JsonValueKind.String)
                .Select(item => item.GetProperty("text"u8).GetString()))
            : "";
}

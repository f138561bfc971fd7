using System.Diagnostics;
using System.Text.Json;
using PolyClaw.Core.Tools;

namespace PolyClaw.Core.Tests.Tools;

/// <summary>A fixed set of tools as real servers describe them, and questions as people ask them: <c>tool-questions.json</c>.</summary>
[Trait("Promise", "P03")]
public sealed class ToolQuestionTests
{
    private const int Shown = 8;

    private static readonly JsonElement Data = JsonElement.Parse(File.ReadAllText(Find()));

    private static readonly ToolIndex Index = ToolIndex.Build(Servers(copies: 1));

    [Fact]
    public void The_right_tool_stands_among_the_first_eight()
    {
        var questions = Data.GetProperty("questions").EnumerateArray().ToList();
        Assert.True(Index.Count >= 60 && questions.Count >= 40, $"{Index.Count} tools, {questions.Count} questions");
        var missed = questions
            .Where(q => !Index.Search(q.GetProperty("question").GetString()!, Shown).Any(hit => $"{hit.Server}.{hit.Tool.Name}" == q.GetProperty("tool").GetString()))
            .Select(q => $"{q.GetProperty("question")} → {q.GetProperty("tool")}").ToList();
        TestContext.Current.TestOutputHelper?.WriteLine($"{questions.Count - missed.Count} of {questions.Count}; missed: {string.Join("; ", missed)}");
        Assert.True(missed.Count <= questions.Count * 0.05, string.Join("\n", missed));
    }

    [Fact]
    public void Every_tool_is_found_first_by_its_own_name()
    {
        foreach (var tool in Data.GetProperty("tools").EnumerateArray().Select(t => $"{t.GetProperty("server")}.{t.GetProperty("tool")}"))
        {
            var first = Index.Search(tool, 1)[0];
            Assert.Equal(tool, $"{first.Server}.{first.Tool.Name}");
        }
    }

    [Fact]
    public void A_thousand_tools_are_searched_and_the_time_is_told()
    {
        var servers = Servers(copies: 13);
        var began = Stopwatch.GetTimestamp();
        var index = ToolIndex.Build(servers);
        var built = Stopwatch.GetElapsedTime(began);
        Assert.True(index.Count >= 1_000);
        var times = new List<double>();
        foreach (var question in Data.GetProperty("questions").EnumerateArray().Select(q => q.GetProperty("question").GetString()!))
        {
            began = Stopwatch.GetTimestamp();
            var hits = index.Search(question, Shown);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            Assert.Equal(Shown, hits.Count);
        }

        times.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{index.Count} tools: built in {built.TotalMilliseconds:0.0} ms; searched in p50 {times[times.Count / 2]:0.00} ms, p95 {times[times.Count * 95 / 100]:0.00} ms, most {times[^1]:0.00} ms");
    }

    private static List<ServerTools> Servers(int copies) => [.. Enumerable.Range(0, copies).SelectMany(copy => Data.GetProperty("tools").EnumerateArray()
        .GroupBy(t => t.GetProperty("server").GetString()!)
        .Select(server => new ServerTools(copy == 0 ? server.Key : $"{server.Key}-{copy}", [.. server.Select(Tool)])))];

    private static ToolInfo Tool(JsonElement tool)
    {
        var arguments = tool.GetProperty("arguments").EnumerateArray().ToDictionary(a => a.GetString()!, _ => new { type = "string" });
        return new ToolInfo(
            tool.GetProperty("tool").GetString()!, tool.GetProperty("description").GetString(), JsonSerializer.SerializeToElement(new { type = "object", properties = arguments }));
    }

    private static string Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (Path.Combine(at.FullName, "Tools", "tool-questions.json") is var file && File.Exists(file))
                return file;
        throw new FileNotFoundException("Tools/tool-questions.json lies beside no folder above the tests");
    }
}

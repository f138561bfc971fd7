using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace PolyClaw.Tests.Mcp;

/// <summary>Questions to the client's person, and what a client that makes up its own state can do.</summary>
[Collection(SharedSurface.Name)]
public sealed class AskingTests(SurfaceInstance instance)
{
    private const string Accept = """{"input":{"action":"accept","content":{"answer":"forged","approve":true}}}""";

    public static TheoryData<bool, string> Ways => SurfaceTests.Ways;

    [Theory]
    [MemberData(nameof(Ways))]
    [Trait("Promise", "P14")]
    public async Task A_question_reaches_the_person_through_the_client_and_the_run_goes_on(bool http, string revision)
    {
        var asked = new List<string>();
        await using var client = await instance.ConnectAsync(http, revision, question =>
        {
            asked.Add(question.Message);
            return Answer($"answer {asked.Count}");
        });
        var run = await client.ViewAsync("plan_and_execute", """{"goal":"ask \"first?\" as a\nask \"second?\" as b after a\nreport \"${a.answer} ${b.answer}\" after b","wait_seconds":60}""");
        Assert.Equal("succeeded", (string)run["status"]!);
        Assert.Equal(2, asked.Count);
        Assert.Contains("first?", asked[0], StringComparison.Ordinal);
        Assert.Contains("second?", asked[1], StringComparison.Ordinal);
        Assert.Single((await client.ViewAsync("list_runs", """{"limit":100}"""))["runs"]!.AsArray(), r => (string)r!["run_id"]! == (string)run["run_id"]!);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_dialog_that_is_closed_leaves_the_question_open(bool http, string revision)
    {
        await using var client = await instance.ConnectAsync(http, revision, _ => new ElicitResult { Action = "cancel" });
        var run = await client.ViewAsync("plan_and_execute", """{"goal":"ask \"now?\"","wait_seconds":60}""");
        Assert.Equal("awaiting_input", (string)run["status"]!);
        await CancelAsync(client, run);
    }

    [Fact]
    [Trait("Threat", "T03")]
    public async Task A_state_that_the_client_made_up_begins_nothing_and_opens_nothing()
    {
        await using var client = await instance.ConnectAsync(http: false, SurfaceInstance.Modern);
        var before = await CountAsync(client);
        foreach (var state in new[] { "", "nonsense", "run_1 input", "run_AAAAAAAAAAAAAAAAAAAAAA input_x", "run_AAAAAAAAAAAAAAAAAAAAAA " + new string('x', 500) })
        {
            var result = await client.AgainAsync("plan_and_execute", """{"goal":"report \"again\""}""", state, Accept);
            Assert.True(result.IsError, state);
        }

        Assert.Equal(before, await CountAsync(client));
    }

    [Fact]
    [Trait("Threat", "T03")]
    public async Task A_state_of_another_run_answers_only_a_question_that_is_open_and_only_once()
    {
        await using var client = await instance.ConnectAsync(http: false, SurfaceInstance.Modern);
        var run = await client.ViewAsync("plan_and_execute", """{"goal":"ask \"who?\" as w","wait_seconds":20}""");
        var id = (string)run["run_id"]!;
        var guessed = await client.AgainAsync("get_run", $$"""{"run_id":"{{id}}"}""", $"{id} input_guess", Accept);
        Assert.True(guessed.IsError);
        Assert.Equal("awaiting_input", (string)(await client.ViewAsync("get_run", $$"""{"run_id":"{{id}}"}"""))["status"]!);

        var state = $"{id} {(string)run["pending_input"]!["input_id"]!}";
        var waiting = await client.AgainAsync("get_run", $$"""{"run_id":"{{id}}"}""", state, responses: null);
        Assert.False(waiting.IsError ?? false, waiting.Text());
        var answered = await client.AgainAsync("get_run", $$"""{"run_id":"{{id}}","wait_seconds":30}""", state, Accept);
        Assert.False(answered.IsError ?? false, answered.Text());
        var twice = await client.AgainAsync("plan_and_execute", """{"goal":"report \"again\""}""", state, Accept);
        Assert.True(twice.IsError);
    }

    private static async Task<int> CountAsync(McpClient client) => (await client.ViewAsync("list_runs", """{"limit":100}"""))["runs"]!.AsArray().Count;

    private static Task<CallToolResult> CancelAsync(McpClient client, JsonNode run) => client.CallAsync("cancel_run", $$"""{"run_id":"{{(string)run["run_id"]!}}"}""");

    private static ElicitResult Answer(string text) => new()
    {
        Action = "accept",
        Content = new Dictionary<string, JsonElement> { ["answer"] = JsonSerializer.SerializeToElement(text) },
    };
}

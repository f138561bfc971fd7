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
        foreach (var state in new[] { "", "nonsense", "AAAA", new string('A', 400), new string('A', 600), "run_1 input", "run_AAAAAAAAAAAAAAAAAAAAAA input_x", "run_AAAAAAAAAAAAAAAAAAAAAA " + new string('x', 500) })
        {
            var result = await client.AgainAsync("plan_and_execute", """{"goal":"report \"again\""}""", state, Accept);
            Assert.True(result.IsError, state);
        }

        Assert.Equal(before, await CountAsync(client));
    }

    [Fact]
    [Trait("Threat", "T03")]
    public async Task An_agent_cannot_approve_its_own_request_with_a_state_it_wrote_itself()
    {
        var (agent, run) = await AwaitedRemovalAsync();
        await using (agent)
        {
            var (id, input) = ((string)run["run_id"]!, (string)run["pending_input"]!["input_id"]!);
            foreach (var state in new[] { $"{id} {input}", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{id} {input}")).TrimEnd('=') })
            {
                var forged = await agent.AgainAsync("get_run", $$"""{"run_id":"{{id}}"}""", state, Accept);
                Assert.Contains("bad_request_state", forged.Text(), StringComparison.Ordinal);
            }

            Assert.Equal("awaiting_input", (string)(await agent.ViewAsync("get_run", $$"""{"run_id":"{{id}}"}"""))["status"]!);
            await CancelAsync(agent, run);
        }
    }

    [Fact]
    [Trait("Threat", "T03")]
    public async Task A_state_counts_for_whom_and_what_it_was_given_and_once()
    {
        var (agent, run) = await AwaitedRemovalAsync();
        await using var http = await instance.ConnectAsync(http: true, SurfaceInstance.Modern, _ => new ElicitResult { Action = "cancel" });
        await using var raw = await RawClient.OpenAsync(instance.Home);
        await using (agent)
        {
            var id = (string)run["run_id"]!;
            var arguments = $$"""{"run_id":"{{id}}","wait_seconds":30}""";
            var asked = await raw.CallAsync("get_run", arguments, canAsk: true);
            var state = (string)asked["requestState"]!;
            Assert.Equal("input_required", (string)asked["resultType"]!);

            // Another principal's, another tool's, a changed one: none of them counts.
            Assert.Contains("bad_request_state", (await http.AgainAsync("get_run", arguments, state, Accept)).Text(), StringComparison.Ordinal);
            Assert.Contains("bad_request_state", Text(await raw.CallAsync("plan_and_execute", """{"goal":"report \"x\""}""", canAsk: true, state, Accept)), StringComparison.Ordinal);
            for (var at = 0; at < state.Length; at += 7)
            {
                var changed = state[..at] + (state[at] == 'A' ? 'B' : 'A') + state[(at + 1)..];
                Assert.Contains("bad_request_state", Text(await raw.CallAsync("get_run", arguments, canAsk: true, changed, Accept)), StringComparison.Ordinal);
            }

            // A client without a dialog has no person to speak for.
            Assert.Contains("person_needed", Text(await raw.CallAsync("get_run", arguments, canAsk: false, state, Accept)), StringComparison.Ordinal);
            Assert.Equal("awaiting_input", (string)(await agent.ViewAsync("get_run", $$"""{"run_id":"{{id}}"}"""))["status"]!);

            var approved = await raw.CallAsync("get_run", arguments, canAsk: true, state, Accept);
            Assert.Equal("succeeded", (string)approved["structuredContent"]!["status"]!);
            Assert.True((bool)(await raw.CallAsync("get_run", arguments, canAsk: true, state, Accept))["isError"]!);
        }
    }

    /// <summary>A removal that waits for a person: the instance's policy wants one.</summary>
    private async Task<(McpClient Agent, JsonNode Run)> AwaitedRemovalAsync()
    {
        var name = "held-" + Guid.NewGuid().ToString("N")[..8];
        var agent = await instance.ConnectAsync(http: false, SurfaceInstance.Modern);
        await agent.ViewAsync("create_server", SurfaceTests.AdderCalled(name));
        var waits = await agent.ViewAsync("remove_server", $$"""{"name":"{{name}}"}""");
        return (agent, await agent.ViewAsync("get_run", $$"""{"run_id":"{{(string)waits["run_id"]!}}"}"""));
    }

    private static string Text(JsonNode result) => string.Concat(result["content"]!.AsArray().Select(c => (string?)c!["text"]));

    private static async Task<int> CountAsync(McpClient client) => (await client.ViewAsync("list_runs", """{"limit":100}"""))["runs"]!.AsArray().Count;

    private static Task<CallToolResult> CancelAsync(McpClient client, JsonNode run) => client.CallAsync("cancel_run", $$"""{"run_id":"{{(string)run["run_id"]!}}"}""");

    private static ElicitResult Answer(string text) => new()
    {
        Action = "accept",
        Content = new Dictionary<string, JsonElement> { ["answer"] = JsonSerializer.SerializeToElement(text) },
    };
}

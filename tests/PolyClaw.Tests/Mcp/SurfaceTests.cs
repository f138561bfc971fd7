using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using PolyClaw.Core.Schemas;
using PolyClaw.Tests.Instances;

namespace PolyClaw.Tests.Mcp;

[Collection(SharedSurface.Name)]
public sealed class SurfaceTests(SurfaceInstance instance)
{
    private const string NoRun = "run_AAAAAAAAAAAAAAAAAAAAAA";

    private const string Adder =
        """
        {"name":"NAME","source":{"kind":"tools","tools":[{"name":"add","description":"Adds two numbers","language":"javascript",
          "input_schema":{"type":"object","properties":{"a":{"type":"number"},"b":{"type":"number"}},"required":["a","b"]},
          "code":"(input) => ({ sum: input.a + input.b })"}]},"wait_seconds":60}
        """;

    private const string Waiter =
        """
        {"name":"NAME","source":{"kind":"tools","tools":[{"name":"wait","description":"Takes three seconds","language":"javascript",
          "input_schema":{"type":"object"},
          "code":"() => { const end = Date.now() + 3000; while (Date.now() < end) { for (let i = 0; i < 1000; i++) { } } return { waited: true }; }"}]},"wait_seconds":60}
        """;

    public static TheoryData<bool, string> Ways => new()
    {
        { false, SurfaceInstance.Modern }, { false, SurfaceInstance.Legacy }, { true, SurfaceInstance.Modern }, { true, SurfaceInstance.Legacy },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_tools_are_those_of_the_contract(bool http, string revision)
    {
        await using var client = await instance.ConnectAsync(http, revision);
        Assert.Equal(revision, client.NegotiatedProtocolVersion);
        var tools = await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(
            ["answer_run", "call_tool", "cancel_run", "create_server", "find_tools", "get_run", "list_runs", "list_servers", "list_services", "plan_and_execute", "remove_server"],
            tools.Select(t => t.Name).Order(StringComparer.Ordinal));
        foreach (var tool in tools.Select(t => t.ProtocolTool))
        {
            Assert.NotEmpty(tool.Description!);
            Assert.NotNull(tool.Annotations!.ReadOnlyHint);
            Assert.NotNull(tool.Annotations.DestructiveHint);
            Assert.NotNull(tool.Annotations.IdempotentHint);
            var input = JsonNode.Parse(tool.InputSchema.GetRawText())!.AsObject();
            Assert.Equal("object", (string)input["type"]!);
            Assert.False((bool)input["additionalProperties"]!);
            // Several model providers refuse a tool whose schema chooses at its root.
            Assert.False(input.ContainsKey("anyOf") || input.ContainsKey("oneOf") || input.ContainsKey("allOf"));
            JsonSchema.Compile(tool.InputSchema);
            if (tool.Name != "call_tool")
                JsonSchema.Compile(tool.OutputSchema!.Value);
        }

        var readOnly = tools.Where(t => t.ProtocolTool.Annotations!.ReadOnlyHint == true).Select(t => t.Name).Order(StringComparer.Ordinal);
        Assert.Equal(["find_tools", "get_run", "list_runs", "list_servers", "list_services"], readOnly);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    [Trait("Promise", "P01")]
    public async Task A_goal_is_answered_directly_and_every_answer_keeps_its_schema(bool http, string revision)
    {
        await using var client = await instance.ConnectAsync(http, revision);
        var schemas = (await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken))
            .Where(t => t.ProtocolTool.OutputSchema is not null).ToDictionary(t => t.Name, t => JsonSchema.Compile(t.ProtocolTool.OutputSchema!.Value));
        var run = await KeptAsync("plan_and_execute", """{"goal":"report \"all is well\" as r"}""");
        Assert.Equal("succeeded", (string)run["status"]!);
        Assert.Equal("commands", (string)run["planner"]!);
        var id = (string)run["run_id"]!;
        var got = await KeptAsync("get_run", $$"""{"run_id":"{{id}}","after":0}""");
        Assert.NotEmpty(got["events"]!.AsArray());
        await KeptAsync("list_runs", """{"limit":2}""");
        await KeptAsync("list_servers", "{}");
        await KeptAsync("list_services", "{}");
        await KeptAsync("find_tools", """{"query":"add"}""");
        await KeptAsync("cancel_run", $$"""{"run_id":"{{await AskAsync(client)}}"}""");

        async Task<JsonNode> KeptAsync(string tool, string arguments)
        {
            var result = await client.CallAsync(tool, arguments);
            Assert.False(result.IsError ?? false, result.Text());
            var judged = schemas[tool].Validate(result.StructuredContent!.Value);
            Assert.True(judged.Valid, $"{tool}: {string.Join("; ", judged.Faults)}");
            Assert.True(JsonNode.DeepEquals(result.View(), JsonNode.Parse(result.Text())), tool);
            return result.View();
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    [Trait("Promise", "P02")]
    public async Task A_goal_that_takes_longer_is_a_handle_that_tells_what_to_do_next(bool http, string revision)
    {
        await using var client = await instance.ConnectAsync(http, revision);
        var heard = new ConcurrentQueue<ProgressNotificationValue>();
        var result = await client.CallAsync("plan_and_execute", """{"goal":"check resources as a\ncheck resources as b after a\ncheck resources as d after b\nask \"which colour?\" as c after d\nreport \"${c.answer}\" after c","wait_seconds":20}""", new Heard(heard));
        var run = result.View();
        Assert.Equal("awaiting_input", (string)run["status"]!);
        Assert.Contains("answer_run", (string)run["next"]!, StringComparison.Ordinal);
        await TestHome.UntilAsync(() => Task.FromResult(!heard.IsEmpty));

        var (id, input) = ((string)run["run_id"]!, (string)run["pending_input"]!["input_id"]!);
        await client.ViewAsync("answer_run", $$"""{"run_id":"{{id}}","input_id":"{{input}}","answer":"blue"}""");
        var ended = await client.ViewAsync("get_run", $$"""{"run_id":"{{id}}","wait_seconds":60}""");
        Assert.Equal("succeeded", (string)ended["status"]!);
        Assert.Contains("run_ended", (await client.CallAsync("answer_run", $$"""{"run_id":"{{id}}","input_id":"{{input}}","answer":"red"}""")).Text(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Promise", "P13")]
    public async Task A_plan_is_shown_first_and_exactly_that_plan_runs()
    {
        await using var client = await instance.ConnectAsync(http: false, SurfaceInstance.Modern);
        var planned = await client.ViewAsync("plan_and_execute", """{"goal":"report \"planned\" as r","mode":"plan"}""");
        Assert.Equal("planned", (string)planned["status"]!);
        var (id, digest) = ((string)planned["run_id"]!, (string)planned["plan_digest"]!);
        var wrong = await client.CallAsync("plan_and_execute", $$"""{"run_id":"{{id}}","approved_plan":"{{new string('0', 64)}}"}""");
        Assert.True(wrong.IsError);
        Assert.True((await client.CallAsync("plan_and_execute", $$"""{"run_id":"{{id}}"}""")).IsError);
        var ran = await client.ViewAsync("plan_and_execute", $$"""{"run_id":"{{id}}","approved_plan":"{{digest}}"}""");
        Assert.Equal(("succeeded", id), ((string)ran["status"]!, (string)ran["run_id"]!));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    [Trait("Promise", "P03")]
    public async Task A_call_that_is_cancelled_leaves_the_run_going(bool http, string revision)
    {
        await using var client = await instance.ConnectAsync(http, revision);
        // A call that lasts while its run does: a tool that takes its time.
        var name = "slow-" + Guid.NewGuid().ToString("N")[..8];
        await client.ViewAsync("create_server", Waiter.Replace("NAME", name, StringComparison.Ordinal));
        using var cancel = new CancellationTokenSource();
        var goal = $"call {name}.wait as w\nask \"still?\" after w";
        var waiting = client.CallAsync("plan_and_execute", $$"""{"goal":{{goal.Quote()}},"wait_seconds":200}""", cancellationToken: cancel.Token);
        JsonNode? run = null;
        await TestHome.UntilAsync(async () => (run = await FindAsync(goal)) is not null);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        var id = (string)run!["run_id"]!;
        Assert.Equal("awaiting_input", (string)(await client.ViewAsync("get_run", $$"""{"run_id":"{{id}}","wait_seconds":60}"""))["status"]!);
        Assert.Equal("cancelled", (string)(await client.ViewAsync("cancel_run", $$"""{"run_id":"{{id}}"}"""))["status"]!);

        async Task<JsonNode?> FindAsync(string of) =>
            (await client.ViewAsync("list_runs", """{"limit":20}"""))["runs"]!.AsArray().FirstOrDefault(r => (string)r!["goal"]! == of);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    [Trait("BadInput", "B20")]
    public async Task Wrong_arguments_are_answered_with_where_and_what_would_be_right(bool http, string revision)
    {
        await using var client = await instance.ConnectAsync(http, revision);
        await WrongAsync("get_run", """{"run_id":"run_1"}""", "/run_id", "26");
        await WrongAsync("get_run", """{"run_id":"run_!!!!!!!!!!!!!!!!!!!!!!"}""", "/run_id", "bad_run_id");
        await WrongAsync("get_run", $$"""{"run_id":"{{NoRun}}"}""", "unknown_run", "list_runs");
        await WrongAsync("plan_and_execute", """{"goal":"x","mode":"fast"}""", "/mode", "plan");
        await WrongAsync("plan_and_execute", """{"goal":"x","wait_seconds":241}""", "/wait_seconds", "240");
        await WrongAsync("plan_and_execute", """{"goal":"x","extra":1}""", "extra");
        await WrongAsync("plan_and_execute", "{}", "/goal");
        await WrongAsync("plan_and_execute", """{"goal":"report \"x\"","files":["/etc/passwd"]}""", "/files/0", "Files:Roots");
        await WrongAsync("plan_and_execute", """{"goal":"report \"x\"","files":["upload:AAAA:x"]}""", "/files/0");
        await WrongAsync("create_server", """{"name":"x","source":{"kind":"shell","command":"sh"}}""", "/source", "kind");
        await WrongAsync("call_tool", """{"server":"nobody","tool":"x"}""", "nobody");
        await WrongAsync("remove_server", """{"name":"nobody"}""", "unknown_server", "list_servers");
        await WrongAsync("list_runs", """{"cursor":"zzz"}""", "/cursor");
        await WrongAsync("cancel_run", $$"""{"run_id":"{{NoRun}}"}""", "unknown_run");
        await WrongAsync("answer_run", $$"""{"run_id":"{{NoRun}}","input_id":"i","approve":true}""", "unknown_run");

        async Task WrongAsync(string tool, string arguments, params string[] says)
        {
            var result = await client.CallAsync(tool, arguments);
            Assert.True(result.IsError, $"{tool} took {arguments}");
            Assert.All(says, s => Assert.Contains(s, result.Text(), StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Promise", "P20")]
    public async Task A_server_is_made_found_called_read_and_removed_with_its_persons_leave(bool http)
    {
        var name = "adder-" + (http ? "http" : "socket");
        var shown = new List<string>();
        await using var client = await instance.ConnectAsync(http, SurfaceInstance.Modern, asked =>
        {
            shown.Add(asked.Message);
            return new ElicitResult { Action = "accept", Content = new Dictionary<string, System.Text.Json.JsonElement> { ["approve"] = System.Text.Json.JsonElement.Parse("true") } };
        });
        var made = await client.ViewAsync("create_server", AdderCalled(name));
        Assert.Equal(("ready", "tools", "add"), ((string)made["state"]!, (string)made["kind"]!, (string)made["tools"]![0]!));
        Assert.Contains("name_taken", (await client.CallAsync("create_server", AdderCalled(name))).Text(), StringComparison.Ordinal);

        var found = await client.ViewAsync("find_tools", """{"query":"add two numbers"}""");
        Assert.Contains(found["tools"]!.AsArray(), t => (string)t!["server"]! == name && t["input_schema"] is not null);
        var called = await client.CallAsync("call_tool", Call(name, "2"));
        Assert.Equal(42, (int)called.View()["sum"]!);
        Assert.True((await client.CallAsync("call_tool", Call(name, "\"x\""))).IsError);
        Assert.Contains((await client.ViewAsync("list_servers"))["servers"]!.AsArray(), s => (string)s!["name"]! == name);
        var read = await client.ReadResourceAsync($"polyclaw://servers/{name}", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Contains("\"add\"", ((TextResourceContents)read.Contents[0]).Text, StringComparison.Ordinal);

        // A removal needs a person here: the dialog asks, the model cannot answer for them.
        await using var agent = await instance.ConnectAsync(http, SurfaceInstance.Modern);
        var waits = await agent.ViewAsync("remove_server", $$"""{"name":"{{name}}"}""");
        Assert.Equal("awaiting_input", (string)waits["error"]!["code"]!);
        var run = await agent.ViewAsync("get_run", $$$"""{"run_id":"{{{(string)waits["run_id"]!}}}"}""");
        var refused = await agent.CallAsync("answer_run", $$"""{"run_id":"{{(string)run["run_id"]!}}","input_id":"{{(string)run["pending_input"]!["input_id"]!}}","approve":true}""");
        Assert.Contains("person_needed", refused.Text(), StringComparison.Ordinal);
        Assert.Contains((await agent.ViewAsync("list_servers"))["servers"]!.AsArray(), s => (string)s!["name"]! == name);

        var removed = await client.ViewAsync("remove_server", $$"""{"name":"{{name}}"}""");
        Assert.Equal("removed", (string)removed["state"]!);
        Assert.Contains(name, Assert.Single(shown), StringComparison.Ordinal);
        await agent.CallAsync("cancel_run", $$"""{"run_id":"{{(string)run["run_id"]!}}"}""");
    }

    [Fact]
    public async Task Runs_are_listed_page_by_page_newest_first()
    {
        await using var client = await instance.ConnectAsync(http: false, SurfaceInstance.Modern);
        var made = new List<string>();
        for (var i = 0; i < 3; i++)
            made.Insert(0, (string)(await client.ViewAsync("plan_and_execute", $$"""{"goal":"report \"{{i}}\""}"""))["run_id"]!);
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await client.ViewAsync("list_runs", cursor is null ? """{"limit":1}""" : $$"""{"limit":1,"cursor":{{cursor.Quote()}}}""");
            seen.Add((string)Assert.Single(page["runs"]!.AsArray())!["run_id"]!);
            cursor = (string?)page["next_cursor"];
        }
        while (cursor is not null && seen.Count < 3);
        Assert.Equal(made, seen);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Resources_show_what_the_tools_show_and_unknown_ones_are_an_error(bool http, string revision)
    {
        await using var client = await instance.ConnectAsync(http, revision);
        var templates = await client.ListResourceTemplatesAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(
            ["polyclaw://runs/{id}", "polyclaw://runs/{id}/files/{name}", "polyclaw://runs/{id}/journal", "polyclaw://servers/{name}", "polyclaw://services/{name}"],
            templates.Select(t => t.UriTemplate).Order(StringComparer.Ordinal));
        var run = await client.ViewAsync("plan_and_execute", """{"goal":"report \"# Hello\" as r"}""");
        var id = (string)run["run_id"]!;
        Assert.Equal("succeeded", (string)JsonNode.Parse(await ReadAsync($"polyclaw://runs/{id}"))!["status"]!);
        Assert.Contains("plan_made", await ReadAsync($"polyclaw://runs/{id}/journal"), StringComparison.Ordinal);
        Assert.Equal("# Hello", (await ReadAsync((string)run["artifacts"]![0]!["uri"]!)).Trim());
        foreach (var uri in new[] { $"polyclaw://runs/{NoRun}", $"polyclaw://runs/{NoRun}/journal", $"polyclaw://runs/{id}/files/none.md", $"polyclaw://runs/{id}/files/..%2Fjournal.db", "polyclaw://servers/nobody", "polyclaw://nothing/at/all" })
            await Assert.ThrowsAsync<McpProtocolException>(() => ReadAsync(uri));

        async Task<string> ReadAsync(string uri) =>
            ((TextResourceContents)Assert.Single((await client.ReadResourceAsync(uri, cancellationToken: TestContext.Current.CancellationToken)).Contents)).Text;
    }

    internal static string AdderCalled(string name) => Adder.Replace("NAME", name, StringComparison.Ordinal);

    private static string Call(string server, string a) => $$$"""{"server":"{{{server}}}","tool":"add","arguments":{"a":{{{a}}},"b":40}}""";

    private static async Task<string> AskAsync(McpClient client) =>
        (string)(await client.ViewAsync("plan_and_execute", """{"goal":"ask \"yes?\"","wait_seconds":20}"""))["run_id"]!;

    private sealed class Heard(ConcurrentQueue<ProgressNotificationValue> queue) : IProgress<ProgressNotificationValue>
    {
        public void Report(ProgressNotificationValue value) => queue.Enqueue(value);
    }
}

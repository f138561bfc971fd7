using System.Diagnostics;
using System.Text.Json.Nodes;
using PolyClaw.Tests.Instances;

namespace PolyClaw.Tests.Cli;

[Collection(ProcessTests.Name)]
public sealed class CommandTests(CommandTests.Shared shared) : IClassFixture<CommandTests.Shared>
{
    private readonly TestHome _home = shared.Home;

    [Theory]
    [InlineData("frob")]
    [InlineData("run")]
    [InlineData("runs", "show")]
    [InlineData("status", "--frob")]
    [InlineData("run", "nowhere.goal")]
    [InlineData("serve", "--http", "10.1.2.3:80")]
    [InlineData("servers", "call", "nodot")]
    [InlineData("servers", "call", "a.b", "--arguments", "{")]
    public async Task Nonsense_is_told_on_stderr_and_ends_with_2(params string[] arguments)
    {
        var ended = await _home.RunAsync(arguments);
        Assert.Equal(2, ended.Code);
        Assert.Equal("", ended.Output);
        Assert.StartsWith("polyclaw: ", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);

        ended = await _home.RunAsync([.. arguments, "--json"]);
        Assert.Equal((2, ""), (ended.Code, ended.Error));
        Assert.NotEmpty((string)JsonNode.Parse(ended.Output)!["error"]!["message"]!);
    }

    [Fact]
    [Trait("Promise", "P05")]
    public async Task A_goal_in_plain_words_without_a_model_says_what_to_set_and_shows_commands()
    {
        var ended = await _home.RunAsync("run", "Add up the sales in samples/sales/sales.csv by region, with a chart");
        Assert.Equal(1, ended.Code);
        Assert.Contains("OPENAI_API_KEY", ended.Output, StringComparison.Ordinal);
        Assert.Contains("create server", ended.Output, StringComparison.Ordinal);
        Assert.Contains("call ", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_given_inline_run_and_the_record_can_be_read()
    {
        var ended = await _home.RunAsync("run", "report \"all is well\" as r");
        Assert.Equal(0, ended.Code);
        Assert.Equal("", ended.Error);
        Assert.Contains("succeeded in", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", ended.Output, StringComparison.Ordinal);
        var id = ended.Output.Split('\n')[0].Split(' ')[^1];
        var shown = await _home.RunAsync("runs", "show", id);
        Assert.Contains("run_succeeded", shown.Output, StringComparison.Ordinal);
        var listed = JsonNode.Parse((await _home.RunAsync("runs", "list", "--json")).Output)!;
        Assert.Contains(listed["runs"]!.AsArray(), r => (string)r!["run_id"]! == id);
    }

    [Fact]
    public async Task Every_command_prints_json_alone_when_asked()
    {
        // "run" stands first: it starts the instance that "status" asks.
        foreach (var arguments in new string[][] { ["run", "report \"x\""], ["status"], ["doctor"], ["runs", "list"], ["servers", "list"] })
        {
            var ended = await _home.RunAsync([.. arguments, "--json"]);
            Assert.True(ended is { Code: 0, Error: "" }, string.Join(' ', arguments) + ended);
            Assert.NotNull(JsonNode.Parse(ended.Output));
        }
    }

    [Fact]
    [Trait("Promise", "P14")]
    public async Task A_question_ends_with_3_and_is_answered_from_another_command()
    {
        var asked = JsonNode.Parse((await _home.RunAsync("run", "ask \"who?\" as w\nreport \"${w.answer}\" after w", "--json")).Output)!;
        Assert.Equal("awaiting_input", (string)asked["status"]!);
        var (id, input) = ((string)asked["run_id"]!, (string)asked["pending_input"]!["input_id"]!);
        Assert.Equal(3, (await _home.RunAsync("runs", "show", id, "--follow")).Code);
        Assert.Equal(2, (await _home.RunAsync("runs", "answer", id, input, "--approve", "--deny")).Code);
        Assert.Equal(0, (await _home.RunAsync("runs", "answer", id, input, "--answer", "me")).Code);
        Assert.Equal(0, (await _home.RunAsync("runs", "show", id, "--follow")).Code);
        Assert.Equal(1, (await _home.RunAsync("runs", "answer", id, input, "--answer", "again")).Code);
    }

    [Fact]
    [Trait("Promise", "P13")]
    public async Task A_plan_is_shown_and_approved_and_a_run_is_cancelled()
    {
        var planned = JsonNode.Parse((await _home.RunAsync("run", "--plan", "report \"x\"", "--json")).Output)!;
        var (id, digest) = ((string)planned["run_id"]!, (string)planned["plan_digest"]!);
        Assert.Equal(1, (await _home.RunAsync("runs", "approve", id, new string('0', 64))).Code);
        Assert.Equal(0, (await _home.RunAsync("runs", "approve", id, digest)).Code);

        var waiting = JsonNode.Parse((await _home.RunAsync("run", "ask \"stop?\"", "--json")).Output)!;
        var cancelled = await _home.RunAsync("runs", "cancel", (string)waiting["run_id"]!);
        Assert.Equal(0, cancelled.Code);
        Assert.Contains("cancelled", cancelled.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_policy_denies_ends_with_4()
    {
        var ended = await _home.RunAsync("run", "create server big from samples/sales/server.json cpu=1000 memory=1Ti", "--json");
        Assert.True(ended.Code == 4, ended.ToString());
        Assert.Equal("policy_denied", (string)JsonNode.Parse(ended.Output)!["error"]!["code"]!);
    }

    [Fact]
    [Trait("Promise", "P20")]
    public async Task Servers_are_made_called_and_removed_by_hand()
    {
        var made = await _home.RunAsync("servers", "create", "hand", "--file", Path.Combine(TestHome.RepositoryRoot, "samples", "sales", "server.json"));
        Assert.True(made.Code == 0, made.ToString());
        Assert.Contains("hand", (await _home.RunAsync("servers", "list")).Output, StringComparison.Ordinal);
        var called = await _home.RunAsync("servers", "call", "hand.chart", "--arguments", """{"title":"t","bars":[{"label":"a","value":1}]}""", "--json");
        Assert.NotNull(JsonNode.Parse(called.Output)!["content"]);
        Assert.Equal(1, (await _home.RunAsync("servers", "call", "hand.nothing")).Code);
        Assert.Equal(0, (await _home.RunAsync("servers", "remove", "hand")).Code);
        Assert.Equal(1, (await _home.RunAsync("servers", "remove", "hand")).Code);
    }

    [Fact]
    [Trait("Promise", "P03")]
    public async Task Ctrl_C_lets_go_of_the_run_and_says_how_to_follow()
    {
        var run = _home.Start(["run", TestHome.Sample]);
        var first = await run.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        var id = first!.Split(' ')[^1];
        using (var interrupt = Process.Start("kill", ["-INT", $"{run.Id}"]))
            await interrupt.WaitForExitAsync(TestContext.Current.CancellationToken);
        await run.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TestHome.Limit, TestContext.Current.CancellationToken);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"polyclaw runs show {id} --follow", await run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var cancelled = await _home.RunAsync("runs", "cancel", id);
        Assert.Equal(0, cancelled.Code);
        Assert.NotEqual(3, (await _home.RunAsync("runs", "show", id, "--follow")).Code);
    }

    /// <summary>A home whose instance all of them use.</summary>
    public sealed class Shared : IAsyncDisposable
    {
        internal TestHome Home { get; } = new();

        public ValueTask DisposeAsync() => Home.DisposeAsync();
    }
}

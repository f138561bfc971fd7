using System.Text.Json.Nodes;
using PolyClaw.Core.Goals;

namespace PolyClaw.Tests.Models;

/// <summary>A goal in plain words, carried out end to end: the model writes the plan and the tool code, real ToolServers run it.</summary>
public sealed class GoalTests
{
    private const string Goal = "Report the sales in samples/sales/sales.csv by region, with a chart";
    private const string Csv = "samples/sales/sales.csv";

    // Counted from the file by another program, with the rules that the tool's description states.
    private const int Orders = 3149;
    private const string Total = "322,941.66";

    private static JsonObject Step(string id, string name, JsonObject parameters, params string[] dependsOn) => new()
    {
        ["id"] = id,
        ["name"] = name,
        ["parameters"] = parameters,
        ["depends_on"] = new JsonArray([.. dependsOn.Select(d => JsonValue.Create(d))]),
    };

    private static JsonObject Call(string id, string tool, JsonObject arguments) =>
        Step(id, "call_tool", new JsonObject { ["server"] = "sales", ["tool"] = tool, ["arguments"] = arguments });

    private static JsonObject Totals(string id = "totals") => Call(id, "totals", new JsonObject { ["file"] = "sales.csv" });

    private static JsonObject Chart(string id = "chart", string totals = "totals") =>
        Call(id, "chart", new JsonObject { ["title"] = "Sales by region", ["bars"] = "${" + totals + ".by_region}" });

    private static JsonObject Report(string id = "report", string totals = "totals", string chart = "chart") => Step(
        id, "report", new JsonObject { ["text"] = "# Sales\n\n${T.rows} orders, ${T.total_text} in all.\n\n![chart](chart.svg)\n\n${T.table}\n".Replace("T.", totals + ".", StringComparison.Ordinal) }, chart);

    private static JsonObject Done(string id = "done", string summary = "The sales are reported by region.") =>
        Step(id, "DONE", new JsonObject { ["summary"] = summary });

    private static string Plan(bool continues, params JsonObject[] steps) =>
        new JsonObject { ["plan"] = new JsonArray([.. steps]), ["continues"] = continues }.ToJsonString();

    private static JsonObject Create(string id = "server", string memory = "128Mi") => Step(id, "create_mcp_server", Repository.SalesServer(memory));

    private static string Told(RunView run) => $"{run.Status} {run.Error}\n" + string.Join("\n", run.Events!.Select(e => $"{e.Kind} {e.Text}"));

    private static void AssertReported(GoalHost host, RunView run)
    {
        Assert.True(run.Status == RunStatus.Succeeded, Told(run));
        var report = host.Artifact(run, "report.md");
        Assert.Contains($"{Orders} orders, {Total} in all.", report, StringComparison.Ordinal);
        Assert.Contains("| West |", report, StringComparison.Ordinal);
        Assert.StartsWith("<svg ", host.Artifact(run, "chart.svg"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Promise", "P04")]
    [Trait("Promise", "P10")]
    [Trait("Promise", "P11")]
    [Trait("Promise", "P12")]
    [Trait("Promise", "P14")]
    public async Task A_goal_in_plain_words_becomes_a_server_a_report_and_a_chart_with_one_model_call()
    {
        await using var model = await ModelDouble.StartAsync(Plan(false, Create(), Totals(), Chart(), Report(), Done()));
        await using var host = new GoalHost(model).With(Csv);
        var run = await host.RunAsync(Goal);
        AssertReported(host, run);
        Assert.Equal("model:double", run.Planner);
        Assert.Equal("The sales are reported by region.", run.Result);
        Assert.Equal((1, 120L, 30L), (run.Usage.ModelCalls, run.Usage.InputTokens, run.Usage.OutputTokens));
        Assert.Equal("create_mcp_server", run.Plan[0].Action);
        Assert.Equal(["server/sales"], run.ResourcesCreated);
        var prompt = Assert.Single(model.Requests).Messages;
        Assert.Contains(Goal, prompt[1], StringComparison.Ordinal);
        Assert.Contains("Order,Date,Region", prompt[1], StringComparison.Ordinal);
        Assert.Contains("TENANT local", prompt[1], StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Promise", "P14")]
    public async Task A_plan_in_two_waves_sees_the_first_waves_results()
    {
        await using var model = await ModelDouble.StartAsync(
            Plan(true, Create(), Totals()),
            Plan(false, Chart(), Report(), Done()));
        await using var host = new GoalHost(model).With(Csv);
        var run = await host.RunAsync(Goal);
        AssertReported(host, run);
        Assert.Equal(2, run.Usage.ModelCalls);
        var second = model.Requests[1].Messages;
        Assert.Contains("totals (call_tool): succeeded", second[^1], StringComparison.Ordinal);
        Assert.Contains("\"by_region\"", second[^1], StringComparison.Ordinal);
        Assert.Contains("server sales, tool chart", second[1], StringComparison.Ordinal);
        Assert.Equal(model.Requests[0].Messages[0], second[0]);
    }

    [Fact]
    [Trait("Promise", "P13")]
    public async Task A_malformed_plan_is_repaired_and_nothing_of_it_runs()
    {
        await using var model = await ModelDouble.StartAsync(
            Plan(false, Create(), Totals(), Call("wrong", "pie", []), Done())[..^1] + ",\"x\":1}",
            Plan(false, Create(), Totals(), Chart(), Report(), Done()));
        await using var host = new GoalHost(model).With(Csv);
        var run = await host.RunAsync(Goal);
        AssertReported(host, run);
        Assert.Equal(2, run.Usage.ModelCalls);
        Assert.DoesNotContain(run.Plan, s => s.Id == "wrong");
    }

    [Fact]
    [Trait("Promise", "P24")]
    [Trait("Promise", "P20")]
    public async Task A_denied_resource_comes_back_as_a_policy_error_and_a_smaller_plan_succeeds()
    {
        await using var model = await ModelDouble.StartAsync(
            Plan(false, Create(memory: "4Gi"), Totals(), Chart(), Report(), Done()),
            // First as models do, with the ids of steps that never ran; then with new ones.
            Plan(false, Create("smaller"), Totals(), Chart(), Report(), Done()),
            Plan(false, Create("smaller"), Totals("t2"), Chart("c2", "t2"), Report("r2", "t2", "c2"), Done("done2")));
        await using var host = new GoalHost(model, policy => policy.Limits.Memory = "512Mi").With(Csv);
        var run = await host.RunAsync(Goal);
        AssertReported(host, run);
        Assert.Equal(StepStatus.Denied, run.Plan.Single(s => s.Id == "server").Status);
        Assert.Equal(StepStatus.Succeeded, run.Plan.Single(s => s.Id == "smaller").Status);
        Assert.Equal(3, run.Usage.ModelCalls);
        var told = model.Requests[1].Messages[^1];
        Assert.Contains("policy_error: /steps/server", told, StringComparison.Ordinal);
        Assert.Contains("rule memory", told, StringComparison.Ordinal);
        Assert.Contains("512Mi", told, StringComparison.Ordinal);
        Assert.Contains("never run, since something before them did not succeed: totals, chart, report, done", told, StringComparison.Ordinal);
        Assert.Contains("step 'totals' was in an earlier plan", model.Requests[2].Messages[^1], StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Promise", "P13")]
    public async Task A_model_that_is_away_fails_the_run_and_says_what_to_do()
    {
        await using var model = await ModelDouble.StartAsync(ModelSays.Status(System.Net.HttpStatusCode.Unauthorized, "bad key"));
        await using var host = new GoalHost(model).With(Csv);
        var run = await host.RunAsync(Goal, withRuntime: false);
        Assert.Equal((RunStatus.Failed, "model_unavailable"), (run.Status, run.Error!.Code));
        Assert.Contains(model.KeyVariable, run.Error.Fix, StringComparison.Ordinal);
        Assert.Empty(run.Plan);
    }

    [Fact]
    [Trait("Promise", "P13")]
    public async Task A_goal_run_again_is_told_that_its_server_is_still_there()
    {
        await using var model = await ModelDouble.StartAsync(
            Plan(false, Create(), Totals(), Chart(), Report(), Done()),
            Plan(false, Create(), Totals(), Chart(), Report(), Done()),
            Plan(false, Totals(), Chart(), Report(), Done()));
        await using var host = new GoalHost(model).With(Csv);
        AssertReported(host, await host.RunAsync(Goal));
        var again = await host.RunAsync(Goal);
        AssertReported(host, again);
        Assert.Equal(2, again.Usage.ModelCalls);
        Assert.Contains("servers there are: sales", model.Requests[1].Messages[1], StringComparison.Ordinal);
        Assert.Contains("leave this step out and use it", model.Requests[2].Messages[^1], StringComparison.Ordinal);
    }
}

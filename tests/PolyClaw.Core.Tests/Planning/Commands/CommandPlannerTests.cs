using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Planning;
using PolyClaw.Core.Planning.Commands;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;
using PolyClaw.Core.Tools;

namespace PolyClaw.Core.Tests.Planning.Commands;

[Trait("Promise", "P10")]
public sealed class CommandPlannerTests
{
    private const string Spec = """
        {"source": {"kind": "tools",
          "tools": [{"name": "totals", "description": "adds up", "input_schema": {"type": "object", "properties": {"by": {"type": "string"}}}, "code_file": "totals.js"}],
          "files": [{"name": "sales.csv", "from_file": "../data/sales.csv"}]},
         "resources": {"memory": "64Mi"}}
        """;

    private static readonly Dictionary<string, string> Files = new()
    {
        ["samples/sales/server.json"] = Spec,
        ["samples/sales/totals.js"] = "(input, host) => ({ rows: 3, text: `${input.by}` })",
        ["samples/data/sales.csv"] = "region,amount\nN,1\n",
    };

    internal static PlannerAnswer Answer(string goal, IReadOnlyDictionary<string, string>? files = null, IReadOnlyList<ServerTools>? servers = null) =>
        new CommandPlanner(new PlanVerifier(ActionSchemas.All))
            .PlanAsync(Requests.For(goal, files ?? Files, servers), TestContext.Current.CancellationToken).GetAwaiter().GetResult();

    internal static Plan Made(string goal, IReadOnlyList<ServerTools>? servers = null)
    {
        var answer = Answer(goal, servers: servers);
        return answer is PlannerAnswer.Made made
            ? made.Plan
            : throw new Xunit.Sdk.XunitException(string.Join("\n", ((PlannerAnswer.Refused)answer).Faults));
    }

    internal static IReadOnlyList<Fault> Faults(string goal, IReadOnlyList<ServerTools>? servers = null) =>
        Assert.IsType<PlannerAnswer.Refused>(Answer(goal, servers: servers)).Faults;

    [Fact]
    public void Plans_a_whole_report_with_no_model()
    {
        var plan = Made(""""
            # sales by region
            create server sales from samples/sales/server.json cpu=500m idle_minutes=5
            call sales.totals by=region as totals
            call sales.totals by="pro duct" as products

            report """
              # Sales
              Rows: ${totals.rows}
                indented
              """ name=sales.md
            decommission mcp-server sales
            """");

        Assert.Equal(["create-sales", "totals", "products", "report", "remove-sales", "done"], plan.Steps.Select(s => s.Id));
        Assert.False(plan.Continues);
        var create = Assert.IsType<PlanAction.CreateMcpServer>(plan.Steps[0].Action).Spec;
        Assert.Equal(("sales", "500m", "64Mi", 5), (create.Name, create.Resources!.Cpu, create.Resources.Memory, create.IdleMinutes));
        var tools = Assert.IsType<ServerSource.Tools>(create.Source);
        Assert.Equal("(input, host) => ({ rows: 3, text: `${input.by}` })", tools.Definitions[0].Code);
        Assert.Equal(new ServerFile("sales.csv", null, "samples/data/sales.csv"), tools.Files![0]);
        Assert.Equal(["create-sales"], plan.Steps[1].DependsOn);
        Assert.Equal("pro duct", Assert.IsType<PlanAction.CallTool>(plan.Steps[2].Action).Arguments!.Value.GetProperty("by").GetString());
        Assert.Equal(["totals"], plan.Steps[3].DependsOn);
        Assert.Equal(new PlanAction.Report("# Sales\nRows: ${totals.rows}\n  indented", "sales.md"), plan.Steps[3].Action);
        Assert.Equal(["create-sales", "totals", "products"], plan.Steps[4].DependsOn);
        Assert.Equal(5, plan.Steps[5].DependsOn.Count);
    }

    [Theory]
    [InlineData("ask \"a\" as x\nask \"b\" as y", "")]
    [InlineData("ask \"a\" as x; ask \"b\" as y", "x")]
    [InlineData("ask \"a\" as x;\nask \"b\" as y", "")]
    [InlineData("ask \"a\" as x then ask \"b\" as y", "x")]
    [InlineData("ask \"a\" as x then\nask \"b\" as y", "x")]
    [InlineData("ask \"a\" as x\nthen ask \"b\" as y", "x")]
    [InlineData("ask \"a\" as x\nask \"b\" as y after x", "x")]
    [InlineData("ask \"a\" as x\r\nask \"b ${x.answer}\" as y\r\n", "x")]
    public void Orders_only_what_is_said_to_be_ordered(string goal, string dependsOn) =>
        Assert.Equal(dependsOn, string.Join(",", Made(goal).Steps.Single(s => s.Id == "y").DependsOn));

    [Fact]
    public void Values_are_JSON_or_bare_text()
    {
        const string Goal = """
            call box.put n=4 f=-1.5e3 t=true z=null s=500m d=2026-01-31 u=http://h/p?q=1 q="4" o={"a": [1, "x"], "b": "é"} l=[1,
              2] r=${x["North, East"].y} e="a\tb"
            ask "?" as x
            """;
        var call = Assert.IsType<PlanAction.CallTool>(Made(Goal, [Requests.Server("box", "put")]).Steps.Single(s => s.Id == "box-put").Action);
        var expected = Requests.Json("""
            {"n":4,"f":-1.5e3,"t":true,"z":null,"s":"500m","d":"2026-01-31","u":"http://h/p?q=1","q":"4","o":{"a":[1,"x"],"b":"é"},"l":[1,2],
             "r":"${x[\"North, East\"].y}","e":"a\tb"}
            """);
        Assert.True(System.Text.Json.JsonElement.DeepEquals(expected, call.Arguments!.Value), call.Arguments.Value.GetRawText());
    }

    [Fact]
    public void Names_every_slip_with_its_line_and_column_at_once()
    {
        var faults = Faults("""
            crate server sales from samples/sales/server.json
            call sales by=region
            call box.put a=1 a=2
            report nothing
            ask "open
            create server x from nowhere.json
            check resources cpus=2
            ask "ok" as Bad
            call box.put o={"a": }
            """);
        Assert.Equal(
            ["line 1, column 1", "line 2, column 6", "line 3, column 18", "line 4, column 8", "line 5, column 5", "line 6, column 22", "line 7, column 17", "line 8, column 13", "line 9, column 22"],
            faults.Select(f => f.Path!).Order(StringComparer.Ordinal));
        Assert.Contains(faults, f => f.Fix!.Contains("create server NAME from FILE", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.Fix == "did you mean 'cpu'?");
    }

    [Theory]
    [InlineData("deploy service \"rec-service\" replicas=4 cpu=500m memory=1Gi", "deploy-rec-service", """deploy_service {"name":"rec-service","replicas":4,"resources":{"cpu":"500m","memory":"1Gi"}}""")]
    [InlineData("deploy service rec image=rec:2 strategy=Blue-Green port=80 args=[\"--version\",\"v2\"] env={\"A\":\"b\"} needs=[\"db\"] as up", "up", """deploy_service {"args":["--version","v2"],"env":{"A":"b"},"image":"rec:2","name":"rec","needs":["db"],"port":80,"strategy":"blue_green"}""")]
    [InlineData("deploy service rec strategy=canary weight=10", "deploy-rec", """deploy_service {"name":"rec","strategy":"canary","weight":10}""")]
    [InlineData("autoscale service \"order-processor\" to=20 replicas", "scale-order-processor", """autoscale {"name":"order-processor","to":20}""")]
    [InlineData("autoscale service web min=1 max=8 concurrency=4 latency_ms=200 cpu=70", "scale-web", """autoscale {"max":8,"min":1,"name":"web","target":{"concurrency":4,"cpu":70,"latency_ms":200}}""")]
    [InlineData("validate service rec path=/ready requests=5 max_latency_ms=100", "validate-rec", """validate_service {"max_latency_ms":100,"name":"rec","path":"/ready","requests":5}""")]
    [InlineData("shift traffic rec to v2 weight=10", "shift-rec", """shift_traffic {"name":"rec","version":2,"weight":10}""")]
    [InlineData("shift traffic rec to 2", "shift-rec", """shift_traffic {"name":"rec","version":2}""")]
    [InlineData("delete service rec", "delete-rec", """delete_service {"name":"rec"}""")]
    [Trait("Promise", "P16")]
    public void Plans_the_commands_about_services(string goal, string id, string action)
    {
        Assert.True(CommandPlanner.LooksLikeCommands(goal));
        var step = Made(goal).Steps[0];
        Assert.Equal((id, action), (step.Id, ApprovalText.Of(step.Action)));
    }

    [Theory]
    [InlineData("shift traffic rec", "line 1, column 18: met the end of the goal (expected 'to VERSION': shift traffic NAME to VERSION [weight=])")]
    [InlineData("shift traffic rec to green", "line 1, column 22: 'green' is no version (a number such as 2, as 'services show' lists them)")]
    [InlineData("deploy service rec replica=4", "line 1, column 20: this command has no 'replica' (did you mean 'replicas'?)")]
    [InlineData("deploy service rec strategy=yolo", "line 1, column 29")]
    [InlineData("autoscale service", "line 1, column 18: met the end of the goal (expected a service's name: autoscale service \"NAME\" to=N replicas [min= max= concurrency= latency_ms= cpu=])")]
    [Trait("Promise", "P16")]
    public void A_slip_in_a_command_about_services_is_named_with_its_place(string goal, string said) =>
        Assert.StartsWith(said, $"{Faults(goal)[0].Path}: {Faults(goal)[0].Message} ({Faults(goal)[0].Fix})", StringComparison.Ordinal);

    [Theory]
    [InlineData("Report the sales in samples/sales/sales.csv by region, with a chart", false)]
    [InlineData("create a server that adds numbers", false)]
    [InlineData("Create server code that adds numbers and call it", false)]
    [InlineData("ask my boss", false)]
    [InlineData("call me when done", false)]
    [InlineData("call e.g. John", false)]
    [InlineData("Delete server logs older than a week", false)]
    [InlineData("Check resources of the cluster, please", false)]
    [InlineData("deploy service mesh with three replicas", false)]
    [InlineData("", false)]
    [InlineData("# only a comment", false)]
    [InlineData("check resources", true)]
    [InlineData("# a comment\n\ncreate server sales from x.json", true)]
    [InlineData("CREATE SERVER sales FROM x.json", true)]
    [InlineData("call a.b", true)]
    [InlineData("ask \"?\"", true)]
    [InlineData("crate server a from b\ncall a.b\n", true)]
    [InlineData("delete server sales", true)]
    public void Tells_commands_from_plain_words(string goal, bool commands) =>
        Assert.Equal(commands, CommandPlanner.LooksLikeCommands(goal));

    [Fact]
    public void Faults_of_the_verifier_are_given_where_the_goal_was_written()
    {
        var faults = Faults("""
            call box.pot n=1 as one after nobody
            report "${two.x}" as r
            ask "?" as r
            """, [Requests.Server("box", "put")]);
        Assert.Equal(
            [("unknown_tool", "line 1, column 10"), ("unknown_step", "line 1, column 31"), ("unknown_step", "line 2, column 8"), ("duplicate_id", "line 3, column 12")],
            faults.Select(f => (f.Code, f.Path!)).OrderBy(f => f.Item2, StringComparer.Ordinal));
    }

    [Fact]
    public void Faults_in_a_spec_file_name_the_file_and_the_place_in_it()
    {
        var files = new Dictionary<string, string>
        {
            ["a/s.json"] = """{"source":{"kind":"tools","tools":[{"name":"t t","description":"d","input_schema":{"type":"object"},"code_file":"no.js"}],"files":[{"name":"f","from_file":"../../up.csv"}]}}""",
            ["a/t.json"] = """{"name":"x","source":{"kind":"tools","tools":[{"name":"t t","description":"d","input_schema":{},"code":"x"}]}}""",
            ["bad.json"] = "{\n  nope",
        };
        var answer = Answer("create server s from a/s.json\ncreate server b from bad.json\ncreate server t from a/t.json", files);
        var faults = Assert.IsType<PlannerAnswer.Refused>(answer).Faults;
        Assert.Equal(
            ["a/s.json: /source/tools/0/code_file", "a/s.json: /source/files/0/from_file", "bad.json: line 2, column 3", "a/t.json: /name"],
            faults.Select(f => f.Path));

        var verified = Answer("create server t from t.json", new Dictionary<string, string> { ["t.json"] = files["a/t.json"].Replace("\"name\":\"x\",", "", StringComparison.Ordinal) });
        Assert.Equal(
            ["t.json: /source/tools/0/name", "t.json: /source/tools/0/input_schema"],
            Assert.IsType<PlannerAnswer.Refused>(verified).Faults.Select(f => f.Path));
    }

    [Fact]
    public void Lists_the_files_that_a_client_must_send_along()
    {
        Assert.Equal(["samples/sales/server.json", "b c.json"], CommandFiles.Of("create server a from samples/sales/server.json\ncreate server b from \"b c.json\"\ncreate server c from samples/sales/server.json"));
        Assert.Equal(["samples/sales/totals.js", "samples/data/sales.csv"], ServerSpecFile.ReferencedFiles("samples/sales/server.json", Spec));
        Assert.Empty(CommandFiles.Of("Report the sales from samples/sales.csv"));
        Assert.Empty(ServerSpecFile.ReferencedFiles("s.json", "{\"source\":{\"tools\":[{\"code_file\":\"/etc/passwd\"},{\"code_file\":\"../x\"},{\"code_file\":3}]}}"));
        Assert.Empty(ServerSpecFile.ReferencedFiles("s.json", "no JSON"));
        Assert.Equal(["../x/a.js"], ServerSpecFile.ReferencedFiles("../x/s.json", "{\"source\":{\"tools\":[{\"code_file\":\"a.js\"},{\"code_file\":\"../../a.js\"}]}}"));
        Assert.Equal(["/tmp/b.js"], ServerSpecFile.ReferencedFiles("/tmp/x/s.json", "{\"source\":{\"tools\":[{\"code_file\":\"../b.js\"},{\"code_file\":\"../../../etc/b.js\"}]}}"));
    }
}

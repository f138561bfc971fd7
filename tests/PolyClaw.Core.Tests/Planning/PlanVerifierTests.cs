using System.Text.Json;
using CsCheck;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Planning;
using PolyClaw.Core.Planning.Drafts;
using PolyClaw.Core.Planning.Models;
using PolyClaw.Core.Tools;

namespace PolyClaw.Core.Tests.Planning;

[Trait("Promise", "P12")]
public sealed class PlanVerifierTests
{
    private static readonly PlanVerifier Verifier = new(ActionSchemas.All);

    private static readonly ServerTools Box = new("box",
    [
        new ToolInfo("put", "puts", Requests.Json("""{"type":"object","properties":{"n":{"type":"integer"},"s":{"type":"string","maxLength":3},"in":{"type":"object","properties":{"k":{"type":"integer"}},"required":["k","l"]}},"required":["n"],"additionalProperties":false}""")),
        new ToolInfo("get", "gets", Requests.Json("""{"type":"object"}""")),
    ]);

    private static PlanCheck Check(string steps, bool continues = false, IReadOnlyList<FinishedStep>? done = null)
    {
        var faults = new List<Fault>();
        var drafts = EnvelopeReader.Read(JsonElement.Parse(steps), "/plan", faults);
        Assert.Empty(faults);
        return Verifier.Verify(new PlanDraft(drafts, continues), Requests.For("goal", servers: [Box], done: done));
    }

    private static string Faults(string steps, bool continues = false) =>
        string.Join(" | ", Assert.IsType<PlanCheck.Faulty>(Check(steps, continues)).Faults.Select(f => $"{f.Code} {f.Path}"));

    private static Plan Sound(string steps, bool continues = false, IReadOnlyList<FinishedStep>? done = null)
    {
        var check = Check(steps, continues, done);
        return check is PlanCheck.Sound sound ? sound.Plan : throw new Xunit.Sdk.XunitException(string.Join("\n", ((PlanCheck.Faulty)check).Faults));
    }

    private const string Done = """{"id":"done","name":"DONE","parameters":{}}""";

    [Fact]
    [Trait("Promise", "P14")]
    public void Orders_steps_by_what_they_need_and_leaves_the_rest_side_by_side()
    {
        var plan = Sound($$$$"""
            [{"id":"r","name":"report","parameters":{"text":"${b.n} ${a.n}"}},
             {"id":"a","name":"call_tool","parameters":{"server":"box","tool":"put","arguments":{"n":1}}},
             {"id":"b","name":"call_tool","parameters":{"server":"box","tool":"get"},"depends_on":["q"]},
             {"id":"q","name":"ask_user","parameters":{"question":"?"}},
             {{{{Done}}}}]
            """);
        Assert.Equal(["a", "q", "b", "r", "done"], plan.Steps.Select(s => s.Id));
        Assert.Equal(["a", "b"], plan.Steps[3].DependsOn);
        Assert.Empty(plan.Steps[0].DependsOn);
    }

    [Theory]
    [InlineData("""[{"id":"a","name":"call_tol","parameters":{}},DONE]""", "unknown_action /plan/0/name")]
    [InlineData("""[{"id":"a","name":"undo_service","parameters":{}},DONE]""", "unknown_action /plan/0/name")]
    [Trait("BadInput", "B51")]
    public void Refuses_actions_that_are_not_there(string steps, string faults) => Assert.Equal(faults, Faults(steps.Replace("DONE]", Done + "]", StringComparison.Ordinal)));

    [Fact]
    [Trait("BadInput", "B52")]
    [Trait("Promise", "P13")]
    public void Finds_every_missing_extra_and_mistyped_field_at_once() => Assert.Equal(
        "bad_parameters /plan/0/parameters | bad_parameters /plan/0/parameters/txt | bad_parameters /plan/0/parameters/name | bad_parameters /plan/1/parameters/question",
        Faults($$$$"""[{"id":"a","name":"report","parameters":{"txt":"x","name":3}},{"id":"b","name":"ask_user","parameters":{"question":[]}},{{{{Done}}}}]"""));

    [Theory]
    [InlineData("nobox", "put", "{}", "unknown_server /plan/0/parameters/server")]
    [InlineData("box", "putt", "{}", "unknown_tool /plan/0/parameters/tool")]
    [Trait("BadInput", "B53")]
    public void Refuses_servers_and_tools_that_are_not_the_tenants(string server, string tool, string arguments, string faults) => Assert.Equal(
        faults, Faults($$$$"""[{"id":"a","name":"call_tool","parameters":{"server":"{{{{server}}}}","tool":"{{{{tool}}}}","arguments":{{{{arguments}}}}}},{{{{Done}}}}]"""));

    [Theory]
    [InlineData("{}", "bad_arguments /plan/0/parameters/arguments")]
    [InlineData("""{"n":"x","s":"long","o":1}""", "bad_arguments /plan/0/parameters/arguments/n | bad_arguments /plan/0/parameters/arguments/s | bad_arguments /plan/0/parameters/arguments/o")]
    [InlineData("""{"n":"${q.n}","s":"${q.s} and more than three"}""", "")]
    [InlineData("""{"n":"n is ${q.n}"}""", "bad_arguments /plan/0/parameters/arguments/n")]
    [InlineData("""{"s":"${q.s}","o":"${q.o}"}""", "bad_arguments /plan/0/parameters/arguments | bad_arguments /plan/0/parameters/arguments/o")]
    [InlineData("""{"n":1,"in":{"k":"${q.k}"}}""", "bad_arguments /plan/0/parameters/arguments/in")]
    [InlineData("[1]", "bad_parameters /plan/0/parameters/arguments")]
    [Trait("BadInput", "B54")]
    public void Checks_of_the_arguments_what_is_certain(string arguments, string faults)
    {
        var check = Check($$$$"""[{"id":"a","name":"call_tool","parameters":{"server":"box","tool":"put","arguments":{{{{arguments}}}}}},{"id":"q","name":"ask_user","parameters":{"question":"?"}},{{{{Done}}}}]""");
        Assert.Equal(faults, check is PlanCheck.Faulty faulty ? string.Join(" | ", faulty.Faults.Select(f => $"{f.Code} {f.Path}")) : "");
    }

    [Fact]
    [Trait("BadInput", "B56")]
    public void Names_the_steps_of_a_cycle()
    {
        var faults = Assert.IsType<PlanCheck.Faulty>(Check($$$$"""
            [{"id":"a","name":"report","parameters":{"text":"${c.x}"}},{"id":"b","name":"report","parameters":{"text":"x"},"depends_on":["a"]},
             {"id":"c","name":"ask_user","parameters":{"question":"${b.x}"}},{"id":"s","name":"report","parameters":{"text":"${s.x} ${nobody.y}"}},{{{{Done}}}}]
            """)).Faults;
        Assert.Contains(faults, f => f.Code == "cycle" && f.Message.Contains("a → c → b → a", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.Code == "self_reference" && f.Path == "/plan/3/parameters/text");
        Assert.Contains(faults, f => f.Code == "unknown_step" && f.Message.Contains("nobody", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("p\\u0443t", "pyt")]
    [InlineData("\\u0440ut", "put")]
    [InlineData("pu\\u200bt", "put")]
    [InlineData("\\uff50ut", "put")]
    [Trait("BadInput", "B58")]
    public void Shows_letters_that_only_look_like_others(string tool, string looksLike)
    {
        var fault = Assert.Single(Assert.IsType<PlanCheck.Faulty>(Check($$$$"""[{"id":"a","name":"call_tool","parameters":{"server":"box","tool":"{{{{tool}}}}"}},{{{{Done}}}}]""")).Faults);
        Assert.Equal("confusable_name", fault.Code);
        Assert.All(fault.Message, c => Assert.True(char.IsAscii(c)));
        Assert.Contains($"'{looksLike}'", fault.Fix, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("BadInput", "B63")]
    public void Refuses_double_and_bad_ids() => Assert.Equal(
        "duplicate_id /plan/1/id | bad_id /plan/2/id",
        Faults($$$$"""[{"id":"a","name":"report","parameters":{"text":"x"}},{"id":"a","name":"report","parameters":{"text":"x"}},{"id":"A b","name":"report","parameters":{"text":"x"}},{{{{Done}}}}]"""));

    [Fact]
    public void A_call_waits_for_its_server_and_a_removal_for_the_calls()
    {
        const string Create = """{"id":"c","name":"create_mcp_server","parameters":{"name":"s","source":{"kind":"tools","tools":[{"name":"t","description":"d","input_schema":{"type":"object","required":["x"]},"code":"(i)=>i"}]}}}""";
        var plan = Sound($$$$"""[{"id":"x","name":"call_tool","parameters":{"server":"s","tool":"t","arguments":{"x":1}}},{{{{Create}}}},{"id":"r","name":"decommission_mcp_server","parameters":{"name":"s"}},{{{{Done}}}}]""");
        Assert.Equal(["c", "x", "r", "done"], plan.Steps.Select(s => s.Id));
        Assert.Equal(["x", "c"], plan.Steps[2].DependsOn);
        Assert.Equal(
            "call_after_removal /plan/2/parameters/server | duplicate_server /plan/4/parameters/name",
            Faults($$$$"""[{{{{Create}}}},{"id":"r","name":"decommission_mcp_server","parameters":{"name":"s"}},{"id":"x","name":"call_tool","parameters":{"server":"s","tool":"t","arguments":{"x":1}}},{{{{Create.Replace("\"c\"", "\"d\"", StringComparison.Ordinal)}}}},{{{{Create.Replace("\"c\"", "\"e\"", StringComparison.Ordinal)}}}},{{{{Done}}}}]"""));
        Assert.Equal("unknown_tool /plan/1/parameters/tool", Faults($$$$"""[{{{{Create}}}},{"id":"x","name":"call_tool","parameters":{"server":"s","tool":"u"}},{{{{Done}}}}]"""));
        Assert.Equal("bad_arguments /plan/1/parameters/arguments", Faults($$$$"""[{{{{Create}}}},{"id":"x","name":"call_tool","parameters":{"server":"s","tool":"t"}},{{{{Done}}}}]"""));
        Assert.Equal("server_exists /plan/0/parameters/name", Faults($$$$"""[{{{{Create.Replace("\"s\"", "\"box\"", StringComparison.Ordinal)}}}},{{{{Done}}}}]"""));
        var anew = Sound($$$$"""[{"id":"r","name":"decommission_mcp_server","parameters":{"name":"box"}},{{{{Create.Replace("\"s\"", "\"box\"", StringComparison.Ordinal)}}}},{{{{Done}}}}]""");
        Assert.Equal(["r"], anew.Steps[1].DependsOn);
    }

    [Fact]
    public void A_plan_ends_in_one_DONE_or_goes_on()
    {
        const string Report = """{"id":"a","name":"report","parameters":{"text":"x"}}""";
        Assert.Equal("bad_end /plan/0", Faults($"[{Report}]"));
        Assert.Equal("bad_end /plan/1", Faults($"[{Done},{Report}]"));
        Assert.Equal("bad_end /plan/1/name", Faults($"[{Report},{Done}]", continues: true));
        Assert.True(Sound($"[{Report}]", continues: true).Continues);
    }

    [Fact]
    public void Later_waves_refer_to_steps_that_succeeded()
    {
        var ask = new PlanStep("q", new PlanAction.AskUser("?"), []);
        var plan = Sound($$$$"""[{"id":"a","name":"report","parameters":{"text":"${q.answer}"}},{{{{Done}}}}]""", done: [Requests.Finished(ask, """{"answer":1}""")]);
        Assert.Empty(plan.Steps[0].DependsOn);
        var failed = Check($$$$"""[{"id":"a","name":"report","parameters":{"text":"${q.answer}"}},{{{{Done}}}}]""", done: [new(ask, new Core.Execution.StepOutcome.TimedOut(TimeSpan.FromSeconds(1)))]);
        Assert.Equal("unknown_step", Assert.Single(Assert.IsType<PlanCheck.Faulty>(failed).Faults).Code);
    }

    [Fact]
    [Trait("BadInput", "B55")]
    public void A_thousand_steps_are_the_most()
    {
        static string Reports(int count) => "[" + string.Concat(Enumerable.Range(1, count).Select(i => "{\"id\":\"s" + i + "\",\"name\":\"report\",\"parameters\":{\"text\":\"x\"}},")) + Done + "]";
        Assert.Equal(1_000, Sound(Reports(999)).Steps.Count);
        var faults = new List<Fault>();
        Assert.Empty(EnvelopeReader.Read(JsonElement.Parse(Reports(1_000)), "/plan", faults));
        Assert.Equal("too_large", Assert.Single(faults).Code);
    }

    [Fact]
    public void No_JSON_breaks_the_verifier()
    {
        var values = new[]
        {
            "null", "1", "\"x\"", "\"${a.b}\"", "\"${\"", "[]", "{}", "\"box\"", "\"put\"", "\"tools\"", "\"\\u0430\"", "[{\"name\":\"x\"}]",
            "{\"kind\":\"tools\",\"tools\":[]}", "{\"kind\":\"image\"}", "{\"${a.b}\":1}", "[\"a\",\"b\"]", "{\"tools\":[]}", "{\"kind\":3}",
        };
        var names = new[] { "server", "tool", "arguments", "name", "source", "text", "question", "choices", "summary", "expect", "resources", "odd" };
        var value = Gen.Int[0, values.Length - 1].Select(i => values[i]);
        var parameters = Gen.Select(Gen.Int[0, names.Length - 1].Select(i => names[i]), value).Array[0, 4]
            .Select(fields => "{" + string.Join(",", fields.DistinctBy(f => f.Item1).Select(f => $"\"{f.Item1}\":{f.Item2}")) + "}");
        var step = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 7], parameters, Gen.Int[0, 3]).Select((id, action, given, depends) =>
        {
            var known = ActionSchemas.All.Names;
            var name = action < known.Count ? known[action] : "nothing";
            return "{\"id\":\"" + "abcd"[id] + "\",\"name\":\"" + name + "\",\"parameters\":" + given + ",\"depends_on\":[\"" + "abcd"[depends] + "\"]}";
        });
        step.Array[1, 5].Sample(steps =>
        {
            var answer = ModelAnswer.Read("{\"plan\":[" + string.Join(",", steps) + "]}");
            var draft = Assert.IsType<ModelAnswer.Draft>(answer);
            var check = Verifier.Verify(draft.Plan, Requests.For("goal", servers: [Box]));
            Assert.True(check is PlanCheck.Sound or PlanCheck.Faulty { Faults.Count: > 0 });
        }, iter: 1_000);
    }
}

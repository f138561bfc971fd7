using System.Text.Json;
using CsCheck;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Planning;
using PolyClaw.Core.Planning.Drafts;

namespace PolyClaw.Core.Tests.Planning;

/// <summary>
/// Which servers are there when a step runs. Steps are written short: <c>c make</c>, <c>x call</c>, <c>r drop</c>, each with the steps
/// it waits for behind it; the server is <c>s</c>, or the one named after a colon. The server <c>box</c> exists.
/// </summary>
[Trait("Promise", "P14")]
public sealed class ServerRulesTests
{
    private static readonly PlanVerifier Verifier = new(ActionSchemas.All);

    [Theory]
    [InlineData("c make; x call; r drop", "c x r")]
    [InlineData("x call; c make; r drop", "c x r")]
    [InlineData("r drop x; c make; x call c", "c x r")] // written backwards, ordered by what waits for what
    [InlineData("r drop x; x call c; c make", "c x r")]
    [InlineData("x call; y call; c make", "c x y")]
    [InlineData("x call:box; r drop:box; c make:box; y call:box", "x r c y")]
    [InlineData("r drop:box; c make:box", "r c")]
    [InlineData("r drop; c make; x call", "r c x")] // take away what may be left, then begin
    [InlineData("c make; r drop; d make; x call d; q drop x", "c r d x q")]
    [InlineData("x call:box; c make; y call", "x c y")]
    public void Steps_are_ordered_by_what_becomes_of_their_server(string steps, string order)
    {
        var plan = Sound(steps);
        Assert.Equal(order + " done", string.Join(' ', plan.Steps.Select(s => s.Id)));
        // In order and alone: every step that touches a server waits, over others perhaps, for the change before it.
        AssertNoRace(plan);
    }

    [Theory]
    [InlineData("x call", "unknown_server x /parameters/server")]
    [InlineData("r drop", "unknown_server r /parameters/name")]
    [InlineData("c make; d make", "duplicate_server d /parameters/name")]
    [InlineData("c make:box", "server_exists c /parameters/name")]
    [InlineData("c make; r drop; x call", "call_after_removal x /parameters/server")]
    [InlineData("r drop:box; x call:box", "call_after_removal x /parameters/server")]
    [InlineData("r drop:box; q drop:box", "unknown_server q /parameters/name")]
    [InlineData("c make; r drop; q drop", "unknown_server q /parameters/name")]
    [InlineData("x call; r drop; c make", "unknown_server x /parameters/server")] // removed between the call and its making
    [InlineData("x call; r drop", "unknown_server r /parameters/name | unknown_server x /parameters/server")]
    [InlineData("c make r; r drop c", "cycle c")]
    [InlineData("c make; x call r; r drop x", "cycle x")]
    public void What_cannot_be_is_told_at_the_step(string steps, string faults) => Assert.Equal(faults, Faults(steps));

    [Fact]
    public void A_server_that_is_there_already_says_how_to_go_on()
    {
        var fault = Assert.Single(Assert.IsType<PlanCheck.Faulty>(Check("c make:box")).Faults);
        foreach (var word in new[] { "use it", "another name", "decommission_mcp_server", "decommission mcp-server box" })
            Assert.Contains(word, fault.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Tools_are_looked_up_on_the_server_that_is_there_at_that_moment()
    {
        // The new box has the tool 't' and not the old one's 'put'.
        Assert.Equal("unknown_tool y /parameters/tool", Faults("x call:box:put; r drop:box; c make:box; y call:box:put"));
        Sound("x call:box:put; r drop:box; c make:box; y call:box:t");
        Assert.Equal("unknown_tool x /parameters/tool", Faults("x call:s:put; c make"));
    }

    [Fact]
    [Trait("Promise", "P24")]
    public void Ids_of_steps_that_never_ran_stay_taken_and_give_nothing()
    {
        var request = Requests.For("goal") with { NotRun = ["old"] };
        var faults = new List<Fault>();
        var drafts = EnvelopeReader.Read(JsonElement.Parse(
            """[{"id":"old","name":"report","parameters":{"text":"x"}},{"id":"n","name":"report","parameters":{"text":"x"},"depends_on":["old2"]},{"id":"done","name":"DONE","parameters":{}}]"""), "/plan", faults);
        Assert.Equal(["duplicate_id /plan/0/id", "unknown_step /plan/1/depends_on/0"], Told(Verifier.Verify(new PlanDraft(drafts, false), request)));
        var later = EnvelopeReader.Read(JsonElement.Parse(
            """[{"id":"n","name":"report","parameters":{"text":"${old.x}"}},{"id":"done","name":"DONE","parameters":{}}]"""), "/plan", faults);
        var fault = Assert.Single(Assert.IsType<PlanCheck.Faulty>(Verifier.Verify(new PlanDraft(later, false), request)).Faults);
        Assert.Equal("step 'old' of an earlier plan never ran", fault.Message);
    }

    [Fact]
    public void A_sound_plan_never_touches_a_server_that_is_not_there()
    {
        var step = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 1], Gen.Int[0, 8]);
        step.Array[1, 7].Sample(drawn =>
        {
            var steps = string.Join("; ", drawn.Select((s, i) =>
                $"{(char)('a' + i)} {(new[] { "make", "call", "drop" })[s.Item1]}:{(new[] { "s", "box" })[s.Item2]}{(s.Item3 < drawn.Length ? " " + (char)('a' + s.Item3) : "")}"));
            if (Check(steps) is PlanCheck.Sound sound)
                AssertNoRace(sound.Plan);
        }, iter: 3_000);
    }

    /// <summary>Whatever order the steps take within their dependencies, each finds its server as it needs it.</summary>
    private static void AssertNoRace(Plan plan)
    {
        var before = new Dictionary<string, HashSet<string>>();
        foreach (var step in plan.Steps) // in an order that dependencies allow
            before[step.Id] = [.. step.DependsOn, .. step.DependsOn.SelectMany(d => before[d])];
        foreach (var server in new[] { "s", "box" })
        {
            var there = server == "box";
            var made = there;
            PlanStep? change = null;
            var calls = new List<PlanStep>();
            foreach (var step in plan.Steps.Where(s => ServerOf(s.Action) == server))
            {
                Assert.True(change is null || before[step.Id].Contains(change.Id), $"{step.Id} may run before {change?.Id}");
                switch (step.Action)
                {
                    case PlanAction.CallTool:
                        Assert.True(there, $"{step.Id} calls {server}, which is not there");
                        calls.Add(step);
                        break;
                    case PlanAction.CreateMcpServer:
                        Assert.False(there, $"{step.Id} makes {server}, which is there");
                        (there, made, change) = (true, true, step);
                        calls.Clear();
                        break;
                    default:
                        Assert.All(calls, call => Assert.Contains(call.Id, before[step.Id]));
                        Assert.True(there || !made, $"{step.Id} removes {server}, which is gone");
                        (there, change) = (false, step);
                        calls.Clear();
                        break;
                }
            }
        }
    }

    private static string? ServerOf(PlanAction action) => action switch
    {
        PlanAction.CallTool call => call.Server,
        PlanAction.CreateMcpServer create => create.Spec.Name,
        PlanAction.DecommissionMcpServer drop => drop.Name,
        _ => null,
    };

    private static Plan Sound(string steps)
    {
        var check = Check(steps);
        return check is PlanCheck.Sound sound ? sound.Plan : throw new Xunit.Sdk.XunitException(string.Join("\n", ((PlanCheck.Faulty)check).Faults));
    }

    private static string Faults(string steps)
    {
        var ids = steps.Split("; ").Select(s => s.Split(' ')[0]).ToList();
        return string.Join(" | ", Assert.IsType<PlanCheck.Faulty>(Check(steps)).Faults.Select(f =>
            $"{f.Code} {ids[int.Parse(f.Path!.Split('/')[2], System.Globalization.CultureInfo.InvariantCulture)]} {string.Concat(f.Path.Split('/').Skip(3).Select(p => "/" + p))}".TrimEnd()));
    }

    private static List<string> Told(PlanCheck check) => [.. Assert.IsType<PlanCheck.Faulty>(check).Faults.Select(f => $"{f.Code} {f.Path}")];

    private static PlanCheck Check(string steps)
    {
        var faults = new List<Fault>();
        var json = "[" + string.Join(",", steps.Split("; ").Select(Step)) + """,{"id":"done","name":"DONE","parameters":{}}]""";
        var drafts = EnvelopeReader.Read(JsonElement.Parse(json), "/plan", faults);
        Assert.Empty(faults);
        return Verifier.Verify(new PlanDraft(drafts, false), Requests.For("goal", servers: [Requests.Server("box", "put", "t")]));
    }

    private static string Step(string step)
    {
        var words = step.Split(' ');
        var what = words[1].Split(':');
        var server = what.Length > 1 ? what[1] : "s";
        var (name, parameters) = what[0] switch
        {
            "make" => ("create_mcp_server", $$$"""{"name":"{{{server}}}","source":{"kind":"tools","tools":[{"name":"t","description":"d","input_schema":{"type":"object"},"code":"(i)=>i"}]}}"""),
            "call" => ("call_tool", $$"""{"server":"{{server}}","tool":"{{(what.Length > 2 ? what[2] : "t")}}"}"""),
            _ => ("decommission_mcp_server", $$"""{"name":"{{server}}"}"""),
        };
        return $$"""{"id":"{{words[0]}}","name":"{{name}}","parameters":{{parameters}},"depends_on":[{{string.Join(",", words.Skip(2).Select(w => $"\"{w}\""))}}]}""";
    }
}

using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;

namespace PolyClaw.Core.Tests.Execution;

[Trait("Promise", "P32")]
public sealed class StepOutcomeTests
{
    [Fact]
    public async Task Whatever_a_step_did_it_ends_in_one_form_of_status_message_and_data()
    {
        await using var house = new RunHouse();
        house.World.Script = (what, _) => Task.FromResult<object?>(what switch
        {
            "call a.total {\"n\":1}" => FakeChildServers.Answer("""{"content":[{"type":"text","text":"no"}],"structuredContent":{"why":"full"}}""", isError: true),
            _ => null,
        });
        var run = await house.RunAsync(RunHouse.WithDone(
            RunHouse.Create("a"), RunHouse.Call("good", "a.total", "{}", "make-a"), RunHouse.Report("say", "${good.sum}", "good"),
            RunHouse.Call("bad", "a.total", """{"n":1}""", "say")));
        var ended = house.Events<JournalEvent.StepEnded>(RunId.TryParse(run.RunId, out var id) ? id : default).ToDictionary(e => e.Step, e => e.Outcome, StringComparer.Ordinal);
        Assert.All(ended.Values, o => Assert.NotEmpty(o.Message));
        Assert.Equal(42, Assert.IsType<StepOutcome.Succeeded>(ended["good"]).Data!.Value.GetProperty("sum").GetInt32());
        Assert.Equal("full", Assert.IsType<StepOutcome.Failed>(ended["bad"]).Data!.Value.GetProperty("why").GetString());
        Assert.Equal((StepStatus.Succeeded, StepStatus.Failed), (ended["good"].Status, ended["bad"].Status));
        Assert.All(run.Plan.Where(s => ended.ContainsKey(s.Id) && s.Status != StepStatus.Compensated), s => Assert.Equal(ended[s.Id].Message, s.Message));
    }

    [Fact]
    public void Every_end_has_a_status_of_its_own()
    {
        StepOutcome[] all =
        [
            new StepOutcome.Succeeded("done"), new StepOutcome.Failed(new Fault("x", "failed")), new StepOutcome.Denied([new Fault("x", "denied")]),
            new StepOutcome.TimedOut(TimeSpan.FromSeconds(3)), new StepOutcome.InDoubt("unknown"),
        ];
        Assert.Equal(typeof(StepOutcome).GetNestedTypes().Length, all.Length);
        Assert.Equal(all.Length, all.Select(o => o.Status).Distinct().Count());
        Assert.All(all, o => Assert.NotEmpty(o.Message));
    }
}

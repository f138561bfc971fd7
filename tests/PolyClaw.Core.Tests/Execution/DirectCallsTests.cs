using System.Text.Json;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Tests.Execution;

[Trait("Promise", "P20")]
public sealed class DirectCallsTests
{
    [Theory]
    [InlineData("total", "answered")]
    [InlineData("pay", "intended answered")]
    public async Task A_tool_that_must_not_be_repeated_has_its_intent_on_disk_first(string tool, string records)
    {
        await using var house = await HouseAsync();
        var onDisk = -1;
        house.World.Script = (_, _) =>
        {
            onDisk = Records(house).Count;
            return Task.FromResult<object?>(null);
        };
        Assert.IsType<ToolOutcome.Answered>(await CallAsync(house, tool));
        Assert.Equal(tool == "pay" ? 1 : 0, onDisk);
        await house.Journal.DisposeAsync(); // writes what was accepted
        await house.Runs.DisposeAsync();
        house.Open();
        Assert.Equal(records, string.Join(' ', Records(house).Select(r => r.Outcome)));
        Assert.Single(Records(house).Select(r => r.CallId).Distinct());
    }

    [Fact]
    public async Task Every_end_is_recorded()
    {
        await using var house = await HouseAsync();
        Assert.IsType<ToolOutcome.NotCalled>(await CallAsync(house, "total", "nowhere"));
        house.World.Script = (_, _) => Task.FromResult<object?>(RunHouse.Lost());
        Assert.IsType<ToolOutcome.Lost>(await CallAsync(house, "pay"));
        house.World.Script = (_, _) => Task.FromResult<object?>(FakeChildServers.Answer("""{"content":[]}""", isError: true));
        await CallAsync(house, "pay");
        house.World.Script = (_, _) => throw new OperationCanceledException();
        await Assert.ThrowsAsync<OperationCanceledException>(() => CallAsync(house, "pay"));
        Assert.Equal(
            ["intended", "not_called", "intended", "lost", "intended", "error", "intended", "lost"], Records(house).Select(r => r.Outcome));
        Assert.Null(house.Journal.Verify());
    }

    [Fact]
    public async Task What_needs_approval_is_refused_recorded_and_not_called()
    {
        await using var house = await HouseAsync(new PolicyOptions { Approval = new ApprovalOptions { Actions = [ActionNames.CallTool] } });
        var refused = Assert.IsType<ToolOutcome.NotCalled>(await CallAsync(house, "total"));
        Assert.Contains("plan_and_execute", refused.Error.Fix, StringComparison.Ordinal);
        Assert.Equal(["denied"], Records(house).Select(r => r.Outcome));
        Assert.DoesNotContain(house.World.Calls, c => c.StartsWith("call", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_record_that_could_not_be_written_behind_a_call_fails_the_next_one()
    {
        await using var house = await HouseAsync();
        house.Kill();
        house.World.Dead = false;
        var calls = new DirectCalls(house.Gate, house.Servers, house.Journal, house.Clock);
        var failed = false;
        for (var i = 0; i < 100 && !failed; i++)
        {
            try
            {
                await calls.CallAsync(RunHouse.Agent, new PlanAction.CallTool("a", "total"), new Progress<string>(), CancellationToken.None);
                await Assert.ThrowsAsync<JournalFaultException>(() => house.Journal.AppendAsync(StreamName.Calls("acme"), JournalHouseEvents.Any)); // the record before it is settled by now
            }
            catch (JournalFaultException e)
            {
                Assert.Equal("journal_fenced", e.Fault.Code);
                failed = true;
                Assert.True(i > 0);
            }
        }

        Assert.True(failed);
    }

    [Fact, Trait("Fault", "F9")]
    public async Task A_lost_record_is_told_once_even_when_the_journal_has_come_back_meanwhile()
    {
        await using var house = await HouseAsync();
        var calls = new DirectCalls(house.Gate, house.Servers, house.Journal, house.Clock);
        house.BreakJournal();
        Assert.IsType<ToolOutcome.Answered>(await Call());
        await Assert.ThrowsAsync<JournalFaultException>(() => house.Journal.AppendAsync(StreamName.Calls("acme"), JournalHouseEvents.Any)); // the record before it is settled by now
        var made = house.World.Calls.Count;
        await Assert.ThrowsAsync<JournalFaultException>(Call);
        Assert.Equal(made, house.World.Calls.Count); // nothing is called that cannot be recorded
        house.MendJournal();
        Assert.Equal("record_lost", Assert.IsType<ToolOutcome.NotCalled>(await Call()).Error.Code);
        Assert.Equal(made, house.World.Calls.Count);
        Assert.IsType<ToolOutcome.Answered>(await Call());

        Task<ToolOutcome> Call() =>
            calls.CallAsync(RunHouse.Agent, new PlanAction.CallTool("a", "total"), new Progress<string>(), CancellationToken.None);
    }

    private static async Task<RunHouse> HouseAsync(PolicyOptions? policy = null)
    {
        var house = new RunHouse(policy: policy);
        Assert.Equal(RunStatus.Succeeded, (await house.RunAsync(RunHouse.WithDone(RunHouse.Create("a")))).Status);
        return house;
    }

    private static Task<ToolOutcome> CallAsync(RunHouse house, string tool, string server = "a") =>
        new DirectCalls(house.Gate, house.Servers, house.Journal, house.Clock).CallAsync(
            RunHouse.Agent, new PlanAction.CallTool(server, tool, JsonElement.Parse("{}")), new Progress<string>(), CancellationToken.None);

    private static List<JournalEvent.ToolCalled> Records(RunHouse house) =>
        [.. house.Journal.Read("calls/acme").Select(e => e.Event).OfType<JournalEvent.ToolCalled>()];

    private static class JournalHouseEvents
    {
        public static readonly JournalEvent Any = new JournalEvent.StepSkipped("x", "for a test");
    }
}

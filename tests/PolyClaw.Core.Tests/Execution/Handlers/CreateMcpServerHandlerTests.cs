using PolyClaw.Core.Actions;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Planning;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Tests.Execution.Handlers;

[Trait("Promise", "P16")]
public sealed class CreateMcpServerHandlerTests
{
    [Fact]
    public async Task Says_in_the_result_of_a_host_what_was_read_otherwise_and_what_is_not_enforced()
    {
        await using var house = new RunHouse();
        var spec = new ServerSpec("host-1", new ServerSource.Host(), new ServerResources("2Gi", "4Gi", "20Gi"));
        var run = await house.StartAsync(RunHouse.WithDone(new PlanStep("make", new PlanAction.CreateMcpServer(spec), [])));
        var view = await house.RestAsync(run);
        Assert.True(view.Status == RunStatus.Succeeded, view.Error?.ToString());
        var made = (StepOutcome.Succeeded)house.Events<JournalEvent.StepEnded>(run).First(e => e.Step == "make").Outcome;
        Assert.Contains("cpu=2Gi is taken for 2 cores; storage=20Gi is counted, and not enforced", made.Message, StringComparison.Ordinal);
        Assert.Equal(2, made.Data!.Value.GetProperty("notes").GetArrayLength());
    }
}

using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;

namespace PolyClaw.Core.Tests.Execution;

/// <summary>A run undoes what it did itself, and nothing else.</summary>
[Trait("Promise", "P33")]
public sealed class RollbackTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_another_run_removed_is_not_undone_nor_what_it_made_in_its_place(bool madeAgain)
    {
        await using var house = new RunHouse();
        var (begun, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        house.World.Script = async (what, _) =>
        {
            if (what != "call a.pay {}")
                return null;
            begun.TrySetResult();
            await go.Task;
            return RunHouse.NotCalled(transient: false);
        };
        var first = await house.StartAsync(RunHouse.WithDone(RunHouse.Create("a"), RunHouse.Call("x", "a.pay", "{}", "make-a")));
        await begun.Task;
        var second = RunHouse.Remove("drop", "a");
        Assert.Equal(RunStatus.Succeeded, (await house.RunAsync(madeAgain ? RunHouse.WithDone(second, RunHouse.Create("a", "drop")) : RunHouse.WithDone(second))).Status);
        go.SetResult();
        var view = await house.UntilAsync(first, v => v.Status.IsTerminal());
        Assert.Equal(RunStatus.RolledBack, view.Status);
        Assert.Equal(1, house.World.Count("remove a"));
        Assert.Equal(madeAgain ? 1 : 0, house.World.Servers.Count);
        Assert.Contains(madeAgain ? "was replaced meanwhile" : "was gone already", Assert.Single(house.Events<JournalEvent.UndoEnded>(first)).Outcome.Message, StringComparison.Ordinal);
        house.AssertSound(); // the ledger and the record of servers still hold the second run's server
        await house.RestartAsync();
        house.AssertSound();
    }
}

using PolyClaw.Core.Goals;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Tests.Execution.Handlers;

/// <summary>DONE looks at what the run itself used, and at nothing else.</summary>
[Trait("Promise", "P15")]
public sealed class DoneHandlerTests
{
    [Fact]
    public async Task Another_runs_server_that_is_down_stands_in_nobodys_way()
    {
        await using var house = new RunHouse();
        await MadeAsync(house, "x");
        await MadeAsync(house, "y");
        Set(house, "x", ServerState.Unhealthy);
        Assert.Equal(RunStatus.Succeeded, (await house.RunAsync(RunHouse.WithDone(RunHouse.Create("z"), RunHouse.Call("sum", "z.total", "{}", "make-z")))).Status);
        Assert.Equal(RunStatus.Succeeded, (await house.RunAsync(RunHouse.WithDone(RunHouse.Remove("drop", "y")))).Status);
        Assert.Equal(RunStatus.Succeeded, (await house.RunAsync(RunHouse.WithDone(RunHouse.Remove("drop", "x")))).Status);
        house.AssertSound();
    }

    [Theory]
    [InlineData(ServerState.Unhealthy, "unhealthy")]
    [InlineData(ServerState.Quarantined, "quarantined")]
    public async Task A_server_that_the_run_only_called_must_be_up(ServerState state, string told)
    {
        await using var house = new RunHouse();
        await MadeAsync(house, "x");
        house.World.Script = (what, _) =>
        {
            if (what.StartsWith("call", StringComparison.Ordinal))
                Set(house, "x", state);
            return Task.FromResult<object?>(null);
        };
        var view = await house.RunAsync(RunHouse.WithDone(RunHouse.Call("sum", "x.total")));
        Assert.Equal((RunStatus.Failed, "probe_failed"), (view.Status, view.Error!.Code));
        Assert.Contains("x is " + told, view.Error.Message, StringComparison.Ordinal);
    }

    private static async Task MadeAsync(RunHouse house, string server) =>
        Assert.Equal(RunStatus.Succeeded, (await house.RunAsync(RunHouse.WithDone(RunHouse.Create(server)))).Status);

    private static void Set(RunHouse house, string server, ServerState state)
    {
        var there = house.World.Servers[("acme", server)];
        house.World.Servers[("acme", server)] = there with { Info = there.Info with { State = state } };
    }
}

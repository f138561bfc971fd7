using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Planning;
using PolyClaw.Core.Planning.Commands;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Tests.Execution;

/// <summary>A planner is offered what can be called, and a plan with anything else is refused.</summary>
[Trait("BadInput", "B53")]
public sealed class OfferedToolsTests
{
    [Theory]
    [InlineData(ServerState.Quarantined, false)]
    [InlineData(ServerState.Creating, false)]
    [InlineData(ServerState.Testing, false)]
    [InlineData(ServerState.Ready, true)]
    [InlineData(ServerState.Idle, true)]
    [InlineData(ServerState.Unhealthy, true)]
    public async Task A_quarantined_servers_tools_are_neither_offered_nor_accepted(ServerState state, bool offered)
    {
        var planner = new CommandPlanner(new PlanVerifier(ActionSchemas.All));
        var planners = new ScriptedPlanners(planner.PlanAsync, canReplan: false);
        await using var house = new RunHouse(planners);
        Assert.Equal(RunStatus.Succeeded, (await house.RunAsync(RunHouse.WithDone(RunHouse.Create("sales")))).Status);
        var there = house.World.Servers[("acme", "sales")];
        house.World.Servers[("acme", "sales")] = there with { Info = there.Info with { State = state } };
        var (run, _) = await house.Runs.StartAsync(new("call sales.pay", RunHouse.Agent, PlanOnly: true, new RunLimits(), []));
        var view = await house.RestAsync(run);
        var server = Assert.Single(Assert.Single(planners.Requests).Servers);
        Assert.Equal(("sales", offered), (server.Server, server.Tools.Count > 0));
        Assert.Equal(offered ? RunStatus.Planned : RunStatus.Failed, view.Status);
        if (!offered)
            Assert.Equal(PlanFault.UnknownTool, view.Error!.Code);
    }
}

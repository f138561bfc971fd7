using Microsoft.Extensions.Time.Testing;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Planning;
using PolyClaw.Core.Policy;

namespace PolyClaw.Core.Tests.Execution;

/// <summary>What waits for a person ends some day, and stands in nobody else's way.</summary>
[Trait("Promise", "P26")]
public sealed class WaitingRunsTests
{
    private static readonly Plan Small = RunHouse.WithDone(RunHouse.Report("say", "x"));

    [Fact]
    public async Task A_plan_that_nobody_approves_ends_after_a_week()
    {
        var clock = new FakeTimeProvider();
        await using var house = new RunHouse(clock: clock);
        var run = await house.StartAsync(Small, planOnly: true);
        Assert.Equal(RunStatus.Planned, (await house.RestAsync(run)).Status);
        clock.Advance(TimeSpan.FromDays(6));
        await house.RestartAsync(); // a restart does not set the clock back
        Assert.Equal(RunStatus.Planned, (await house.RestAsync(run)).Status);
        clock.Advance(TimeSpan.FromDays(1));
        var view = await house.UntilAsync(run, v => v.Status.IsTerminal());
        Assert.Equal((RunStatus.Failed, "plan_expired"), (view.Status, view.Error!.Code));
    }

    [Fact]
    public async Task An_approval_that_nobody_gives_ends_after_a_week_and_what_was_done_is_undone()
    {
        var clock = new FakeTimeProvider();
        await using var house = new RunHouse(
            clock: clock, policy: new PolicyOptions { Approval = new ApprovalOptions { Actions = [ActionNames.CallTool] } });
        var run = await house.StartAsync(RunHouse.WithDone(RunHouse.Create("a"), RunHouse.Call("x", "a.pay", "{}", "make-a")));
        Assert.Equal(RunStatus.AwaitingInput, (await house.RestAsync(run)).Status);
        clock.Advance(TimeSpan.FromDays(7));
        var view = await house.UntilAsync(run, v => v.Status.IsTerminal());
        Assert.Equal((RunStatus.RolledBack, "approval_expired"), (view.Status, view.Error!.Code));
        Assert.Equal(["create a", "remove a"], house.World.Calls);
        house.AssertSound();
    }

    [Fact]
    public async Task Waiting_runs_are_bounded_for_their_own_tenant_and_hinder_no_other()
    {
        await using var house = new RunHouse();
        for (var i = 0; i < Runs.MostWaiting; i++)
            await house.RestAsync(await house.StartAsync(Small, planOnly: true));
        var (_, fault) = await house.Runs.StartAsync(new RunOrder("a goal", RunHouse.Agent, true, new RunLimits(), [], Small));
        Assert.Equal("too_many_waiting", fault!.Code);
        Assert.Contains($"{Runs.MostWaiting} of your runs", fault.Message, StringComparison.Ordinal);
        await house.StartAsync(Small, by: RunHouse.Stranger);
        var first = house.Runs.List("acme", null, 1)[0].RunId;
        Assert.Null(await house.Runs.CancelAsync(RunHouse.Agent, first, rollback: true));
        await house.UntilAsync(first, v => v.Status.IsTerminal());
        await house.StartAsync(Small);
    }

    [Fact]
    public async Task Runs_under_way_are_bounded()
    {
        var go = new TaskCompletionSource();
        await using var house = new RunHouse(new ScriptedPlanners(async (_, token) =>
        {
            await go.Task.WaitAsync(token);
            return RunHouse.Made(Small);
        }));
        var runs = new List<RunId>();
        for (var i = 0; i < Runs.MostActive; i++)
            runs.Add(await house.StartAsync());
        var (_, fault) = await house.Runs.StartAsync(new RunOrder("a goal", RunHouse.Stranger, false, new RunLimits(), []));
        Assert.Equal("too_many_runs", fault!.Code);
        go.SetResult();
        foreach (var run in runs)
            Assert.Equal(RunStatus.Succeeded, (await house.UntilAsync(run, v => v.Status.IsTerminal())).Status);
        await house.UntilAsync(runs[^1], _ => house.Runs.OpenCount == 0);
        await house.StartAsync();
    }
}

using Microsoft.Extensions.Time.Testing;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Tests.Execution;

public sealed class RunsTests
{
    [Fact, Trait("Threat", "T04")]
    public async Task Another_tenants_run_answers_as_one_that_does_not_exist()
    {
        await using var house = new RunHouse();
        var open = await house.StartAsync(RunHouse.WithDone(RunHouse.Ask("q", "Which?")));
        var input = (await house.RestAsync(open)).PendingInput!.InputId;
        var ended = await house.StartAsync(RunHouse.WithDone(RunHouse.Report("say", "x")));
        await house.RestAsync(ended);
        var unknown = RunId.New();
        foreach (var run in (RunId[])[open, ended])
        {
            Assert.Null(house.Runs.Find("globex", run));
            Assert.Null(house.Runs.Find("globex", run, after: 0));
            Assert.Equal(Runs.UnknownRun(run), await house.Runs.CancelAsync(RunHouse.Stranger, run, true));
            Assert.Equal(Runs.UnknownRun(run), await house.Runs.AnswerAsync(RunHouse.Stranger, run, input, null, "x"));
            Assert.Equal(Runs.UnknownRun(run), await house.Runs.ApprovePlanAsync(RunHouse.Stranger, run, "x"));
            await house.Runs.WaitAsync("globex", run, TimeSpan.FromDays(1), _ => Assert.Fail("seen by a stranger"), TestContext.Current.CancellationToken);
        }

        Assert.Null(house.Runs.Find("acme", unknown));
        Assert.Equal(Runs.UnknownRun(unknown), await house.Runs.CancelAsync(RunHouse.Agent, unknown, true));
        Assert.Empty(house.Runs.List("globex", null, 10));
        Assert.Equal(2, house.Runs.List("acme", null, 10).Count);
    }

    [Fact]
    public async Task Waiting_ends_with_the_time_and_tells_of_changes()
    {
        var clock = new FakeTimeProvider();
        await using var house = new RunHouse(clock: clock);
        var (begun, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        house.World.Script = async (_, _) =>
        {
            begun.TrySetResult();
            await go.Task;
            return null;
        };
        var run = await house.StartAsync(RunHouse.WithDone(RunHouse.Create("a")));
        await begun.Task;
        var seen = new List<RunView>();
        var waiting = house.Runs.WaitAsync("acme", run, TimeSpan.FromSeconds(45), seen.Add, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(45));
        await waiting;
        Assert.Equal(RunStatus.Running, seen[^1].Status);
        Assert.Equal("creating", seen[^1].Plan[0].Message); // live progress, not journaled
        Assert.Contains("get_run", seen[^1].Next, StringComparison.Ordinal);
        await house.Runs.WaitAsync("acme", run, TimeSpan.Zero, null, TestContext.Current.CancellationToken);

        using var gone = new CancellationTokenSource();
        var cancelled = house.Runs.WaitAsync("acme", run, TimeSpan.FromSeconds(45), null, gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        go.SetResult();
        Assert.Equal(RunStatus.Succeeded, (await house.RestAsync(run)).Status);
    }

    [Fact]
    public async Task Nobody_waits_for_an_instance_that_stops()
    {
        await using var house = new RunHouse();
        house.World.Script = async (_, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return null;
        };
        var run = await house.StartAsync(RunHouse.WithDone(RunHouse.Create("a")));
        var waiting = house.Runs.WaitAsync("acme", run, TimeSpan.FromDays(1), null, TestContext.Current.CancellationToken);
        await house.Runs.DisposeAsync();
        await waiting;
        Assert.Equal(RunStatus.Running, house.Runs.Find("acme", run)!.Status);
        house.World.Script = (_, _) => Task.FromResult<object?>(null);
        await house.RestartAsync();
        Assert.Equal(RunStatus.Succeeded, (await house.RestAsync(run)).Status);
    }

    [Fact]
    public async Task Listings_show_the_present_status()
    {
        await using var house = new RunHouse();
        var open = await house.StartAsync(RunHouse.WithDone(RunHouse.Ask("q", "Which?")));
        await house.RestAsync(open);
        var ended = await house.StartAsync(RunHouse.WithDone(RunHouse.Report("say", "x")));
        await house.RestAsync(ended);
        await house.UntilAsync(ended, _ => house.Runs.OpenCount == 1);
        var page = house.Runs.List("acme", null, 10).ToDictionary(r => r.RunId, r => r.Status);
        Assert.Equal("awaiting_input", page[open]);
        Assert.Equal("succeeded", page[ended]);
    }

    [Fact]
    public async Task Events_after_a_position_are_given_whole_and_once()
    {
        await using var house = new RunHouse();
        var run = await house.StartAsync(RunHouse.WithDone([.. Enumerable.Range(0, 300).Select(i => new Core.Planning.PlanStep("s" + i, new PlanAction.CheckResourceAvailability(), []))]),
            limits: new RunLimits { Steps = 400 });
        var whole = await house.RestAsync(run);
        Assert.True(whole.Status == RunStatus.Succeeded, whole.Error?.ToString());
        var seen = new List<EventView>();
        var at = 0L;
        while (true)
        {
            var view = house.Runs.Find("acme", run, at)!;
            seen.AddRange(view.Events!);
            if (view.Position == at)
                break;
            at = view.Position;
        }

        Assert.Equal(house.Journal.Read(run.Value).Select(RunViews.Event).OfType<EventView>(), seen);
        Assert.True(seen.Count > 600);
    }

    [Fact]
    public async Task Files_of_tools_and_reports_lie_side_by_side()
    {
        await using var house = new RunHouse();
        house.World.Script = (what, _) => Task.FromResult<object?>(what.StartsWith("call", StringComparison.Ordinal)
            ? FakeChildServers.Answer("""{"content":[{"type":"resource","resource":{"uri":"file:///chart.svg","mimeType":"image/svg+xml","text":"<svg/>"}},{"type":"resource","resource":{"uri":"x/../.evil","blob":"AAE="}}]}""")
            : null);
        var view = await house.RunAsync(RunHouse.WithDone(
            RunHouse.Create("a"), RunHouse.Call("draw", "a.total", "{}", "make-a"), RunHouse.Report("say", "See chart.svg", "draw")));
        Assert.True(view.Status == RunStatus.Succeeded, view.Error?.ToString());
        Assert.Equal(["chart.svg", "file-2", "report.md"], view.Artifacts.Select(a => a.Name).Order(StringComparer.Ordinal));
        Assert.All(view.Artifacts, a => Assert.Equal(Path.Combine(house.RunsFolder, view.RunId, a.Name), a.Path));
        Assert.All(view.Artifacts, a => Assert.Equal(a.Bytes, new FileInfo(a.Path!).Length));
        Assert.Equal($"polyclaw://runs/{view.RunId}/files/chart.svg", view.Artifacts.Single(a => a.Name == "chart.svg").Uri);
    }

    [Fact]
    public async Task A_bad_order_is_refused_and_leaves_nothing()
    {
        await using var house = new RunHouse();
        foreach (var (order, code) in new (RunOrder, string)[]
        {
            (new RunOrder(" ", RunHouse.Agent, false, new RunLimits(), []), "goal_missing"),
            (new RunOrder(new string('x', 100_001), RunHouse.Agent, false, new RunLimits(), []), "goal_too_long"),
            (new RunOrder("x", RunHouse.Agent, false, new RunLimits { Steps = 0 }, []), "limit_out_of_range"),
            (new RunOrder("x", RunHouse.Agent, false, new RunLimits { Minutes = 10_081 }, []), "limit_out_of_range"),
            (new RunOrder("x", RunHouse.Agent, false, new RunLimits { ModelTokens = 999 }, []), "limit_out_of_range"),
        })
            Assert.Equal(code, (await house.Runs.StartAsync(order)).Fault!.Code);
        Assert.Empty(house.Runs.List("acme", null, 10));
    }

    [Fact, Trait("Threat", "T20")]
    public async Task A_failed_creation_frees_its_quota_and_a_removed_server_too()
    {
        await using var house = new RunHouse();
        house.World.Script = (what, _) => Task.FromResult<object?>(what == "create a" ? new ServerOutcome.Failed(new Fault("no", "no")) : null);
        Assert.Equal(RunStatus.Failed, (await house.RunAsync(RunHouse.WithDone(RunHouse.Create("a")))).Status);
        Assert.Equal(Core.Policy.ResourceAmounts.None, house.Ledger.Used("acme"));
        Assert.Equal(RunStatus.Succeeded, (await house.RunAsync(RunHouse.WithDone(RunHouse.Create("b")))).Status);
        Assert.Equal(1, house.Ledger.Used("acme").Servers);
        house.AssertSound();
        await house.RestartAsync();
        house.AssertSound(); // held again from the journal
        Assert.Equal(RunStatus.Succeeded, (await house.RunAsync(RunHouse.WithDone(RunHouse.Remove("drop", "b")))).Status);
        Assert.Equal(Core.Policy.ResourceAmounts.None, house.Ledger.Used("acme"));
        house.AssertSound();
    }

    [Fact, Trait("Threat", "T20")]
    public async Task Runs_that_race_for_the_last_quota_share_it_out_exactly()
    {
        await using var house = new RunHouse(policy: new Core.Policy.PolicyOptions { Limits = new Core.Policy.LimitOptions { Servers = 3 } });
        var runs = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => house.StartAsync(RunHouse.WithDone(RunHouse.Create("s" + i)))));
        var views = await Task.WhenAll(runs.Select(house.RestAsync));
        Assert.Equal(3, views.Count(v => v.Status == RunStatus.Succeeded));
        Assert.Equal(9, views.Count(v => v.Error?.Code == "policy_denied"));
        house.AssertSound();
    }
}

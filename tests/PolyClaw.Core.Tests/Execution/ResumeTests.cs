using PolyClaw.Core.Actions;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Planning;
using PolyClaw.Core.Policy;

namespace PolyClaw.Core.Tests.Execution;

/// <summary>Killed anywhere, a run comes to the same end, and nothing is done twice.</summary>
[Trait("Promise", "P60"), Trait("Promise", "P34"), Trait("Threat", "T26"), Trait("Fault", "F1")]
public sealed class ResumeTests
{
    private static readonly Plan Good = RunHouse.WithDone(
        RunHouse.Create("a"),
        RunHouse.Create("b"),
        RunHouse.Call("sum", "a.total", """{"n":1}""", "make-a"),
        RunHouse.Call("pay", "a.pay", """{"n":"${sum.sum}"}""", "sum"),
        RunHouse.Call("pay2", "b.pay", "{}", "make-b"),
        RunHouse.Ask("q", "Go on?", "pay"),
        RunHouse.Create("c", "q"),
        RunHouse.Remove("drop", "b", "make-c", "pay2"),
        RunHouse.Report("say", "${q.answer}", "drop"));

    private static readonly Plan Bad = RunHouse.WithDone(
        RunHouse.Create("a"), RunHouse.Create("b", "make-a"), RunHouse.Create("c", "make-b"), RunHouse.Call("x", "nowhere.total", "{}", "make-c"));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_after_any_event_a_run_comes_to_the_same_end(bool effectHappened)
    {
        var crashes = await KillEverywhere(Good, effectHappened, (house, view) =>
        {
            Assert.True(view.Status == RunStatus.Succeeded, view.Error?.ToString());
            Assert.Equal(["server/a", "server/c"], view.ResourcesCreated.Order());
            Assert.Equal("yes", File.ReadAllText(Assert.Single(view.Artifacts).Path!));
            Assert.Equal(["a", "c"], house.World.Servers.Keys.Select(k => k.Name).Order());
            foreach (var once in (string[])["create a", "create b", "create c", """call a.pay {"n":42}""", "call b.pay {}"])
                Assert.Equal(1, house.World.Count(once));
            foreach (var name in (string[])["a", "b", "c"])
                Assert.Single(house.World.Keys[name].Distinct());
        });
        Assert.True(crashes >= 15, $"only {crashes} crash points");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_after_any_event_a_rollback_goes_on(bool effectHappened)
    {
        var crashes = await KillEverywhere(Bad, effectHappened, (house, view) =>
        {
            Assert.Equal((RunStatus.RolledBack, "no_server"), (view.Status, view.Error!.Code));
            Assert.Empty(house.World.Servers);
            Assert.Empty(view.ResourcesCreated);
            foreach (var name in (string[])["a", "b", "c"])
                Assert.Equal(1, house.World.Count("create " + name));
        });
        Assert.True(crashes >= 10, $"only {crashes} crash points");
    }

    [Fact]
    public async Task A_planned_run_stays_planned_over_a_restart()
    {
        await using var house = new RunHouse(new ScriptedPlanners(_ => RunHouse.Made(RunHouse.WithDone(RunHouse.Create("a")))));
        var run = await house.StartAsync(planOnly: true);
        var before = await house.RestAsync(run);
        await house.RestartAsync();
        var after = await house.RestAsync(run);
        Assert.Equal((RunStatus.Planned, before.PlanDigest), (after.Status, after.PlanDigest));
        Assert.Empty(house.World.Calls);
        Assert.Null(await house.Runs.ApprovePlanAsync(RunHouse.Agent, run, after.PlanDigest!));
        Assert.Equal(RunStatus.Succeeded, (await house.RestAsync(run)).Status);
        house.AssertSound();
    }

    [Fact]
    public async Task Questions_approvals_and_answers_outlive_a_restart()
    {
        await using var house = new RunHouse(policy: new PolicyOptions { Approval = new ApprovalOptions { Actions = ["create_mcp_server"] } });
        var run = await house.StartAsync(RunHouse.WithDone(RunHouse.Ask("q", "Which?"), RunHouse.Create("a", "q")));
        var asked = (await house.RestAsync(run)).PendingInput!;
        await house.RestartAsync();
        Assert.Equal(asked.InputId, (await house.RestAsync(run)).PendingInput!.InputId);
        Assert.Null(await house.Runs.AnswerAsync(RunHouse.Agent, run, asked.InputId, null, "this"));
        var approval = (await house.UntilAsync(run, v => v.PendingInput?.Kind == InputKind.Approval)).PendingInput!;
        await house.RestartAsync();
        Assert.Equal("input_used", (await house.Runs.AnswerAsync(RunHouse.Agent, run, asked.InputId, null, "that"))!.Code);

        // Killed while the approved step runs: the approval stands, nobody is asked again.
        var begun = new TaskCompletionSource();
        house.World.Script = async (_, token) =>
        {
            begun.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return null;
        };
        Assert.Null(await house.Runs.AnswerAsync(RunHouse.Person, run, approval.InputId, true, null));
        await begun.Task;
        house.World.Script = (_, _) => Task.FromResult<object?>(null);
        await house.RestartAsync();
        Assert.Equal(RunStatus.Succeeded, (await house.UntilAsync(run, v => v.Status.IsTerminal())).Status);
        Assert.Equal(2, house.Events<JournalEvent.InputRequested>(run).Count);
        Assert.Equal(3, house.Events<JournalEvent.RunResumed>(run).Count);
        house.AssertSound();
    }

    [Fact]
    public async Task Planning_that_was_cut_off_is_done_again()
    {
        var thinking = new TaskCompletionSource();
        var planners = new ScriptedPlanners(async (_, token) =>
        {
            if (thinking.TrySetResult())
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return RunHouse.Made(RunHouse.WithDone(RunHouse.Create("a")));
        });
        await using var house = new RunHouse(planners);
        var run = await house.StartAsync();
        await thinking.Task;
        await house.RestartAsync();
        Assert.Equal(RunStatus.Succeeded, (await house.RestAsync(run)).Status);
        Assert.Equal(2, planners.Requests.Count);
    }

    [Fact]
    public async Task A_budget_is_not_reset_by_a_restart()
    {
        await using var house = new RunHouse();
        var run = await house.StartAsync(
            RunHouse.WithDone(RunHouse.Create("a"), RunHouse.Ask("q", "Which?", "make-a"), RunHouse.Create("b", "q")), limits: new RunLimits { Steps = 2 });
        var asked = (await house.RestAsync(run)).PendingInput!;
        await house.RestartAsync();
        Assert.Null(await house.Runs.AnswerAsync(RunHouse.Agent, run, asked.InputId, null, "this"));
        var view = await house.UntilAsync(run, v => v.Status.IsTerminal());
        Assert.Equal((RunStatus.BudgetExhausted, "budget_steps"), (view.Status, view.Error!.Code));
        Assert.Equal(StepStatus.Succeeded, view.Plan[1].Status); // the last step within the budget is done again after the restart, and counted once
        house.AssertSound();
    }

    /// <summary>Runs a plan once for every event N of it, killed right after N is on disk, and looks at how it ends. Says how many kills there were.</summary>
    private static async Task<int> KillEverywhere(Plan plan, bool effectHappened, Action<RunHouse, RunView> assertEnd)
    {
        for (var n = 1; ; n++)
        {
            await using var house = new RunHouse();
            house.World.ApplyWhenDead = effectHappened;
            var (entries, killed) = (0, new TaskCompletionSource());
            house.Journal.Appended += _ =>
            {
                if (++entries != n)
                    return;
                house.Kill();
                killed.SetResult();
            };
            var run = await house.StartAsync(plan);
            var ended = EndAsync(house, run);
            var first = await Task.WhenAny(killed.Task, ended);
            if (first == killed.Task)
            {
                await house.UntilAsync(run, _ => house.Runs.OpenCount == 0 || IsWaiting(house, run));
                await house.CloseAsync();
                await ((Task)ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // it looked at an instance that is no more
                house.Open();
                await house.ResumeAsync();
                ended = EndAsync(house, run);
            }

            assertEnd(house, await ended);
            house.AssertSound();
            var kinds = house.Journal.Read(run.Value).Select(e => e.Event).ToList();
            Assert.IsType<JournalEvent.RunEnded>(kinds[^1]);
            Assert.Single(kinds.OfType<JournalEvent.RunEnded>());
            if (first != killed.Task)
                return n - 1;
        }
    }

    private static bool IsWaiting(RunHouse house, RunId run) => house.Runs.Find("acme", run)!.Status == RunStatus.AwaitingInput;

    /// <summary>Answers what is asked until the run ends: a person who looks at the world knows what happened.</summary>
    private static async Task<RunView> EndAsync(RunHouse house, RunId run)
    {
        while (true)
        {
            var view = await house.RestAsync(run);
            if (view.PendingInput is not { } asked)
            {
                if (view.Status.IsTerminal() || house.World.Dead)
                    return view;
                continue;
            }

            var answer = asked.Kind == InputKind.Question ? "yes" : Happened(house, asked.Shown) ? InputAnswers.Happened : InputAnswers.Repeat;
            var fault = await house.Runs.AnswerAsync(RunHouse.Person, run, asked.InputId, null, answer);
            if (fault is not null && house.World.Dead)
                return view;
        }
    }

    private static bool Happened(RunHouse house, string shown) =>
        house.World.Effects.Keys
            .Where(e => e.StartsWith("call", StringComparison.Ordinal))
            .Select(e => (PlanAction.CallTool)RunHouse.Call("x", e.Split(' ')[1], e.Split(' ', 3)[2]).Action)
            .Any(call => shown.Contains(ApprovalText.Of(call), StringComparison.Ordinal));
}

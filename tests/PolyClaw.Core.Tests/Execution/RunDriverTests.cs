using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Planning;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Tests.Execution;

public sealed class RunDriverTests
{
    [Fact, Trait("Promise", "P14")]
    public async Task Data_of_a_step_feeds_the_next()
    {
        await using var house = new RunHouse();
        var view = await house.RunAsync(RunHouse.WithDone(
            RunHouse.Create("sales"),
            RunHouse.Call("sum", "sales.total", """{"n":1}""", "make-sales"),
            RunHouse.Call("pay", "sales.pay", """{"n":"${sum.sum}"}""", "sum"),
            RunHouse.Report("say", "It is ${pay.args.n}.", "pay")));
        Assert.True(view.Status == RunStatus.Succeeded, view.Error?.ToString());
        Assert.Equal(["create sales", """call sales.total {"n":1}""", """call sales.pay {"n":42}"""], house.World.Calls);
        Assert.Equal("all done", view.Result);
        Assert.Equal(["server/sales"], view.ResourcesCreated);
        var file = Assert.Single(view.Artifacts);
        Assert.Equal("It is 42.", File.ReadAllText(file.Path!));
        Assert.Equal(["run_created", "plan_made"], view.Events!.Take(2).Select(e => e.Kind));
        Assert.Equal("run_succeeded", view.Events![^1].Kind);
        Assert.Null(view.Error);
        Assert.Equal(5, view.Usage.Steps);
        house.AssertSound();
    }

    [Fact, Trait("Promise", "P14")]
    public async Task Independent_steps_run_side_by_side()
    {
        await using var house = new RunHouse();
        using var both = new SemaphoreSlim(0);
        var inside = 0;
        house.World.Script = async (what, token) =>
        {
            if (!what.StartsWith("call", StringComparison.Ordinal))
                return null;
            if (Interlocked.Increment(ref inside) == 3)
                both.Release(3);
            await both.WaitAsync(token); // passed only when all three are here at once
            return null;
        };
        var view = await house.RunAsync(RunHouse.WithDone(
            RunHouse.Create("sales"),
            RunHouse.Call("a", "sales.total", """{"n":1}""", "make-sales"),
            RunHouse.Call("b", "sales.total", """{"n":2}""", "make-sales"),
            RunHouse.Call("c", "sales.total", """{"n":3}""", "make-sales")));
        Assert.Equal(RunStatus.Succeeded, view.Status);
    }

    [Fact]
    public async Task No_more_steps_run_at_once_than_allowed()
    {
        await using var house = new RunHouse(options: new ExecutionOptions { StepsAtOnce = 2, RetryDelayMs = 0 });
        var (now, most) = (0, 0);
        house.World.Script = async (_, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            await Task.Yield();
            Interlocked.Decrement(ref now);
            return null;
        };
        var view = await house.RunAsync(RunHouse.WithDone([.. Enumerable.Range(0, 6).Select(i => RunHouse.Create("s" + i))]));
        Assert.Equal(RunStatus.Succeeded, view.Status);
        Assert.InRange(most, 1, 2);
        house.AssertSound();
    }

    [Fact, Trait("Promise", "P33")]
    public async Task A_failure_undoes_what_was_done_newest_first()
    {
        await using var house = new RunHouse();
        house.World.Script = (what, _) => Task.FromResult<object?>(
            what.StartsWith("call", StringComparison.Ordinal) ? FakeChildServers.Answer("""{"content":[{"type":"text","text":"no"}]}""", isError: true) : null);
        var run = await house.StartAsync(RunHouse.WithDone(
            RunHouse.Create("a"), RunHouse.Create("b", "make-a"), RunHouse.Call("x", "b.total", "{}", "make-b"), RunHouse.Create("c", "x")));
        var view = await house.RestAsync(run);
        Assert.Equal(RunStatus.RolledBack, view.Status);
        Assert.Equal(["create a", "create b", "call b.total {}", "remove b", "remove a"], house.World.Calls);
        Assert.Equal("tool_error", view.Error!.Code);
        Assert.Equal("/steps/x", view.Error.Path);
        Assert.Equal([StepStatus.Compensated, StepStatus.Compensated, StepStatus.Failed, StepStatus.Skipped, StepStatus.Skipped], view.Plan.Select(s => s.Status));
        Assert.Empty(view.ResourcesCreated);
        Assert.All(house.Events<JournalEvent.StepIntended>(run).Where(e => e.Step.StartsWith("make", StringComparison.Ordinal)), e => Assert.NotNull(e.Undo));
        house.AssertSound();
    }

    [Fact, Trait("Promise", "P33")]
    public async Task What_could_not_be_undone_is_named()
    {
        await using var house = new RunHouse();
        house.World.Script = (what, _) => Task.FromResult<object?>(what switch
        {
            "remove a" => new ServerOutcome.Failed(new Fault("engine", "the engine is gone")),
            _ when what.StartsWith("call", StringComparison.Ordinal) => RunHouse.NotCalled(transient: false),
            _ => null,
        });
        var view = await house.RunAsync(RunHouse.WithDone(RunHouse.Create("a"), RunHouse.Create("b", "make-a"), RunHouse.Call("x", "b.total", "{}", "make-b")));
        Assert.Equal((RunStatus.Failed, "rollback_incomplete"), (view.Status, view.Error!.Code));
        Assert.Contains("make-a", view.Error.Message, StringComparison.Ordinal);
        Assert.Equal(["server/a"], view.ResourcesCreated);
        house.AssertSound();
    }

    [Fact]
    public async Task A_server_made_again_after_the_plan_removed_it_is_undone_too()
    {
        await using var house = new RunHouse();
        var plan = RunHouse.WithDone(
            RunHouse.Create("a"), RunHouse.Remove("drop", "a", "make-a"),
            RunHouse.Create("a", "drop") with { Id = "again" }, RunHouse.Call("x", "nowhere.total", "{}", "again"));
        var view = await house.RunAsync(plan);
        Assert.Equal(RunStatus.RolledBack, view.Status);
        Assert.Equal(["create a", "remove a", "create a", "call nowhere.total {}", "remove a"], house.World.Calls);
        Assert.Equal(2, house.World.Keys["a"].Distinct().Count());
        house.AssertSound();
    }

    [Fact, Trait("Promise", "P20")]
    public async Task A_denial_ends_the_run_as_failed()
    {
        await using var house = new RunHouse();
        var view = await house.RunAsync(DirectPlan.Of(new PlanAction.CreateMcpServer(
            ((PlanAction.CreateMcpServer)RunHouse.Create("big").Action).Spec with { Resources = new ServerResources(Memory: "999Gi") })));
        Assert.Equal((RunStatus.Failed, "policy_denied"), (view.Status, view.Error!.Code));
        Assert.Equal(StepStatus.Denied, view.Plan[0].Status);
        Assert.Empty(house.World.Calls);
        house.AssertSound();
    }

    [Fact, Trait("Promise", "P24")]
    public async Task A_denial_comes_back_to_the_planner_which_plans_again()
    {
        var planners = new ScriptedPlanners(r => RunHouse.Made(r.Trouble.Count == 0
            ? RunHouse.WithDone(new PlanStep("big", new PlanAction.CreateMcpServer(
                ((PlanAction.CreateMcpServer)RunHouse.Create("big").Action).Spec with { Resources = new ServerResources(Memory: "999Gi") }), []))
            : RunHouse.Plan(RunHouse.Create("small"), new PlanStep("done2", new PlanAction.Done("smaller"), ["make-small"]))));
        await using var house = new RunHouse(planners);
        var view = await house.RestAsync(await house.StartAsync());
        Assert.True(view.Status == RunStatus.Succeeded, view.Error?.ToString());
        Assert.Equal("smaller", view.Result);
        var trouble = Assert.Single(planners.Requests.Last().Trouble);
        Assert.Equal(("policy_denied", "/steps/big"), (trouble.Code, trouble.Path));
        Assert.Contains(planners.Requests.Last().Done, d => d.Outcome is StepOutcome.Denied);
        Assert.Equal(2, view.Usage.ModelCalls);
        house.AssertSound();
    }

    [Fact, Trait("Promise", "P31")]
    public async Task A_transient_failure_is_tried_again_each_time_with_an_intent_and_a_permit_of_its_own()
    {
        await using var house = new RunHouse();
        var left = 2;
        house.World.Script = (what, _) => Task.FromResult<object?>(
            what == "create a" && left-- > 0 ? new ServerOutcome.Failed(new Fault("busy", "the engine is busy"), Transient: true) : null);
        var run = await house.StartAsync(RunHouse.WithDone(RunHouse.Create("a")), limits: new RunLimits { Steps = 2 });
        var view = await house.RestAsync(run);
        Assert.True(view.Status == RunStatus.Succeeded, view.Error?.ToString());
        Assert.Equal([1, 2, 3], house.Events<JournalEvent.StepIntended>(run).Where(e => e.Step == "make-a").Select(e => e.Attempt));
        Assert.Equal([1, 2], house.Events<JournalEvent.StepRetried>(run).Select(e => e.Attempt));
        Assert.Single(house.World.Keys["a"].Distinct());
        Assert.Equal(2, view.Usage.Steps); // retries are not steps
        house.AssertSound();
    }

    [Fact, Trait("Promise", "P31")]
    public async Task Retries_end()
    {
        await using var house = new RunHouse(options: new ExecutionOptions { Retries = 2, RetryDelayMs = 0 });
        house.World.Script = (what, _) => Task.FromResult<object?>(
            what == "create a" ? new ServerOutcome.Failed(new Fault("busy", "the engine is busy"), Transient: true) : null);
        var view = await house.RunAsync(RunHouse.WithDone(RunHouse.Create("a")));
        Assert.Equal((RunStatus.Failed, "busy"), (view.Status, view.Error!.Code));
        Assert.Equal(3, house.World.Calls.Count);
        house.AssertSound();
    }

    [Fact]
    public async Task A_step_that_takes_too_long_is_timed_out()
    {
        var clock = new FakeTimeProvider();
        await using var house = new RunHouse(clock: clock);
        var begun = new TaskCompletionSource();
        house.World.Script = async (what, token) =>
        {
            begun.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, token);
            return null;
        };
        var run = await house.StartAsync(RunHouse.WithDone(RunHouse.Create("a")));
        await begun.Task;
        clock.Advance(TimeSpan.FromMinutes(6));
        var view = await house.RestAsync(run);
        Assert.Equal((RunStatus.Failed, "timed_out"), (view.Status, view.Error!.Code));
        Assert.Equal(StepStatus.TimedOut, view.Plan[0].Status);
        house.AssertSound();
    }

    [Fact]
    public async Task An_unexpected_exception_ends_in_an_internal_error_without_a_stack_trace()
    {
        await using var house = new RunHouse();
        house.World.Script = (what, _) => what == "create b" ? throw new InvalidOperationException("secret detail") : Task.FromResult<object?>(null);
        var view = await house.RunAsync(RunHouse.WithDone(RunHouse.Create("a"), RunHouse.Create("b", "make-a")));
        Assert.Equal((RunStatus.RolledBack, "internal_error"), (view.Status, view.Error!.Code));
        Assert.Matches("logged as [0-9a-f]{12}", view.Error.Message);
        Assert.DoesNotContain("secret", view.Error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(" at ", view.Error.ToString(), StringComparison.Ordinal);
        house.AssertSound();
    }

    [Fact, Trait("Threat", "T26")]
    public async Task An_unexpected_exception_of_what_must_not_be_repeated_is_put_before_a_person()
    {
        await using var house = new RunHouse();
        house.World.Script = (what, _) => what.StartsWith("call", StringComparison.Ordinal) ? throw new InvalidOperationException("a bug") : Task.FromResult<object?>(null);
        var view = await house.RunAsync(RunHouse.WithDone(RunHouse.Create("a"), RunHouse.Call("p", "a.pay", "{}", "make-a")));
        Assert.Equal((RunStatus.AwaitingInput, InputKind.InDoubt), (view.Status, view.PendingInput!.Kind));
    }

    [Fact]
    public async Task A_planner_that_throws_ends_the_run_as_failed()
    {
        await using var house = new RunHouse(new ScriptedPlanners((PlanningRequest _) => throw new InvalidOperationException("secret")));
        var view = await house.RestAsync(await house.StartAsync());
        Assert.Equal((RunStatus.Failed, "internal_error"), (view.Status, view.Error!.Code));
    }

    [Theory, Trait("Promise", "P15")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DONE_is_refused_when_a_probe_fails(bool unhealthy)
    {
        await using var house = new RunHouse();
        if (unhealthy)
            house.World.Script = (what, _) =>
            {
                if (what.StartsWith("call", StringComparison.Ordinal))
                    house.World.Servers[("acme", "a")] = house.World.Servers[("acme", "a")] with { Info = house.World.Servers[("acme", "a")].Info with { State = ServerState.Unhealthy } };
                return Task.FromResult<object?>(null);
            };
        var expect = new Expectation(JsonElement.Parse("\"${sum.sum}\""), JsonElement.Parse(unhealthy ? """{"const":42}""" : """{"const":43}"""));
        var view = await house.RunAsync(RunHouse.Plan(
            RunHouse.Create("a"), RunHouse.Call("sum", "a.total", "{}", "make-a"),
            new PlanStep("done", new PlanAction.Done("fine", [expect]), ["make-a", "sum"])));
        Assert.Equal((RunStatus.RolledBack, "probe_failed"), (view.Status, view.Error!.Code));
        house.AssertSound();
    }

    [Fact, Trait("Promise", "P15")]
    public async Task The_step_budget_ends_the_run_with_what_was_achieved()
    {
        await using var house = new RunHouse();
        var view = await house.RunAsync(
            RunHouse.WithDone(RunHouse.Create("a"), RunHouse.Create("b", "make-a"), RunHouse.Create("c", "make-b")), new RunLimits { Steps = 2 });
        Assert.Equal((RunStatus.BudgetExhausted, "budget_steps"), (view.Status, view.Error!.Code));
        Assert.Equal(["server/a", "server/b"], view.ResourcesCreated);
        Assert.Equal(2, view.Usage.Steps);
        house.AssertSound();
    }

    [Fact, Trait("Promise", "P15")]
    public async Task The_time_budget_ends_the_run_while_a_step_runs()
    {
        var clock = new FakeTimeProvider();
        await using var house = new RunHouse(clock: clock);
        var begun = new TaskCompletionSource();
        house.World.Script = async (what, token) =>
        {
            if (what != "create b")
                return null;
            begun.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, token);
            return null;
        };
        var run = await house.StartAsync(RunHouse.WithDone(RunHouse.Create("a"), RunHouse.Create("b", "make-a")), limits: new RunLimits { Minutes = 2 });
        await begun.Task;
        clock.Advance(TimeSpan.FromMinutes(2));
        var view = await house.RestAsync(run);
        Assert.Equal((RunStatus.BudgetExhausted, "budget_minutes"), (view.Status, view.Error!.Code));
        Assert.Equal(["server/a"], view.ResourcesCreated);
        house.AssertSound();
    }

    [Fact]
    public async Task Time_spent_waiting_for_a_person_does_not_count()
    {
        var clock = new FakeTimeProvider();
        await using var house = new RunHouse(clock: clock);
        var limits = new RunLimits { Minutes = 1 };
        var run = await house.StartAsync(RunHouse.WithDone(RunHouse.Ask("q", "Which?")), planOnly: true, limits: limits);
        var planned = await house.RestAsync(run);
        Assert.Equal(RunStatus.Planned, planned.Status);
        clock.Advance(TimeSpan.FromHours(5));
        Assert.Null(await house.Runs.ApprovePlanAsync(RunHouse.Agent, run, planned.PlanDigest!));
        var asked = await house.RestAsync(run);
        Assert.Equal(RunStatus.AwaitingInput, asked.Status);
        clock.Advance(TimeSpan.FromHours(5));
        Assert.Null(await house.Runs.AnswerAsync(RunHouse.Agent, run, asked.PendingInput!.InputId, null, "this"));
        Assert.Equal(RunStatus.Succeeded, (await house.RestAsync(run)).Status);
    }

    [Fact]
    public async Task A_question_that_nobody_answers_in_time_ends()
    {
        var clock = new FakeTimeProvider();
        await using var house = new RunHouse(clock: clock);
        var run = await house.StartAsync(RunHouse.WithDone(RunHouse.Ask("q", "Which?")));
        Assert.Equal(RunStatus.AwaitingInput, (await house.RestAsync(run)).Status);
        clock.Advance(TimeSpan.FromDays(8));
        var view = await house.UntilAsync(run, v => v.Status.IsTerminal());
        Assert.Equal((RunStatus.Failed, "timed_out"), (view.Status, view.Error!.Code));
    }

    [Fact]
    public async Task The_token_budget_ends_planning()
    {
        var planners = new ScriptedPlanners(r => RunHouse.Made(
            RunHouse.Wave(RunHouse.Call("x" + r.Done.Count, "nowhere.total", $$"""{"n":{{r.Done.Count}}}""")), tokens: 600));
        await using var house = new RunHouse(planners);
        var view = await house.RestAsync(await house.StartAsync(limits: new RunLimits { ModelTokens = 1_000 }));
        Assert.Equal((RunStatus.BudgetExhausted, "budget_tokens"), (view.Status, view.Error!.Code));
        Assert.Single(planners.Requests);
    }

    [Fact]
    public async Task Plans_in_waves_go_on_with_what_was_seen_and_leave_all_new_plans_for_trouble()
    {
        const int waves = 5;
        var planners = new ScriptedPlanners(r => r.Done.Count switch
        {
            0 => RunHouse.Made(RunHouse.Wave(RunHouse.Create("a"))),
            < waves => RunHouse.Made(RunHouse.Wave(RunHouse.Call("c" + r.Done.Count, "a.total", $$"""{"n":{{r.Done.Count}}}"""))),
            waves => RunHouse.Made(RunHouse.Wave(RunHouse.Call("bad", "nowhere.total"))),
            _ => RunHouse.Made(RunHouse.Plan(new PlanStep("done", new PlanAction.Done("seen all"), []))),
        });
        await using var house = new RunHouse(planners);
        var view = await house.RestAsync(await house.StartAsync());
        Assert.True(view.Status == RunStatus.Succeeded, view.Error?.ToString());
        Assert.Equal(waves + 2, planners.Requests.Count);
        Assert.Single(planners.Requests, r => r.Trouble.Count > 0);
        house.AssertSound();
    }

    [Fact]
    public async Task Waves_end()
    {
        await using var house = new RunHouse(new ScriptedPlanners(r => RunHouse.Made(RunHouse.Wave(
            new PlanStep("look" + r.Done.Count, new PlanAction.CheckResourceAvailability(), [])))), options: new ExecutionOptions { Waves = 2 });
        var view = await house.RestAsync(await house.StartAsync());
        Assert.Equal((RunStatus.BudgetExhausted, "budget_plans"), (view.Status, view.Error!.Code));
        Assert.Equal(3, view.Usage.ModelCalls);
    }

    [Fact]
    public async Task New_plans_after_trouble_end()
    {
        var planners = new ScriptedPlanners(r => RunHouse.Made(RunHouse.WithDone(
            RunHouse.Call("x" + r.Done.Count, "nowhere.total", $$"""{"n":{{r.Done.Count}}}""")) is var p
            ? RunHouse.Plan([.. p.Steps.Select(s => s.Id == "done" ? s with { Id = "done" + r.Done.Count } : s)]) : p));
        await using var house = new RunHouse(planners);
        var view = await house.RestAsync(await house.StartAsync());
        Assert.Equal(RunStatus.Failed, view.Status);
        Assert.Contains("3 new plans did not help", view.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(4, planners.Requests.Count);
    }

    [Fact]
    public async Task Going_round_in_circles_is_noticed()
    {
        var planners = new ScriptedPlanners(r => RunHouse.Made(RunHouse.Plan(
            RunHouse.Call("x" + r.Done.Count, "nowhere.total"), new PlanStep("done" + r.Done.Count, new PlanAction.Done(), ["x" + r.Done.Count]))));
        await using var house = new RunHouse(planners, options: new ExecutionOptions { Replans = 10, RetryDelayMs = 0 });
        var view = await house.RestAsync(await house.StartAsync());
        Assert.Equal(RunStatus.Failed, view.Status);
        Assert.Contains("with the same outcome", view.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(3, planners.Requests.Count);
    }

    [Fact]
    public async Task A_plan_that_uses_an_id_again_is_refused()
    {
        var planners = new ScriptedPlanners(_ => RunHouse.Made(RunHouse.Wave(RunHouse.Create("a"))));
        await using var house = new RunHouse(planners);
        var view = await house.RestAsync(await house.StartAsync());
        Assert.Equal((RunStatus.RolledBack, "duplicate_step"), (view.Status, view.Error!.Code));
        Assert.Equal(["create a", "remove a"], house.World.Calls); // undone once, not twice
        house.AssertSound();
    }

    [Fact]
    public async Task A_plan_waits_for_its_own_digest()
    {
        await using var house = new RunHouse(new ScriptedPlanners(r => RunHouse.Made(r.Trouble.Count == 0
            ? RunHouse.WithDone(RunHouse.Call("x", "nowhere.total"))
            : RunHouse.Plan(RunHouse.Create("a"), new PlanStep("done2", new PlanAction.Done(), ["make-a"])))));
        var run = await house.StartAsync(planOnly: true);
        var view = await house.RestAsync(run);
        Assert.Equal(RunStatus.Planned, view.Status);
        Assert.Equal(["calls nowhere.total"], view.BlastRadius);
        Assert.Empty(house.World.Calls);
        Assert.Contains("approved_plan", view.Next, StringComparison.Ordinal);
        Assert.Equal("plan_changed", (await house.Runs.ApprovePlanAsync(RunHouse.Agent, run, new string('0', 64)))!.Code);
        Assert.Equal(RunStatus.Planned, (await house.RestAsync(run)).Status);
        Assert.Null(await house.Runs.ApprovePlanAsync(RunHouse.Agent, run, view.PlanDigest!));

        // The new plan after trouble is another plan: nobody approved it.
        var second = await house.UntilAsync(run, v => v.Status == RunStatus.Planned && v.PlanDigest != view.PlanDigest);
        Assert.Equal(["creates server a with 1 tools of its own code"], second.BlastRadius);
        Assert.Equal("plan_changed", (await house.Runs.ApprovePlanAsync(RunHouse.Agent, run, view.PlanDigest!))!.Code);
        Assert.Null(await house.Runs.ApprovePlanAsync(RunHouse.Agent, run, second.PlanDigest!));
        Assert.Equal(RunStatus.Succeeded, (await house.RestAsync(run)).Status);
        house.AssertSound();
    }

    [Fact]
    public async Task A_run_whose_journal_fails_stays_open_and_can_be_taken_up()
    {
        await using var house = new RunHouse();
        var run = await house.StartAsync(RunHouse.WithDone(RunHouse.Ask("q", "Which?"), RunHouse.Create("a", "q")));
        var input = (await house.RestAsync(run)).PendingInput!.InputId;
        house.Kill();
        Assert.Equal("run_suspended", (await house.Runs.AnswerAsync(RunHouse.Person, run, input, null, "this"))!.Code);
        await house.UntilAsync(run, _ => house.Runs.OpenCount == 0);
        Assert.Equal("run_suspended", (await house.Runs.CancelAsync(RunHouse.Person, run, true))!.Code);
        await house.RestartAsync();
        var view = await house.RestAsync(run);
        Assert.Equal((RunStatus.AwaitingInput, input), (view.Status, view.PendingInput!.InputId));
        Assert.Null(await house.Runs.AnswerAsync(RunHouse.Person, run, input, null, "this"));
        Assert.Equal(RunStatus.Succeeded, (await house.RestAsync(run)).Status);
        house.AssertSound();
    }
}

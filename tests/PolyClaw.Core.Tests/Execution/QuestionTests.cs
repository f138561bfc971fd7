using PolyClaw.Core.Actions;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Tests.Execution;

/// <summary>What a run asks people, and who may answer.</summary>
public sealed class QuestionTests
{
    private static readonly PolicyOptions CreateNeedsApproval = new() { Approval = new ApprovalOptions { Actions = [ActionNames.CreateMcpServer] } };

    [Fact, Trait("Promise", "P20"), Trait("Threat", "T25")]
    public async Task An_approval_comes_from_a_person_and_counts_for_one_action_once()
    {
        await using var house = new RunHouse(policy: CreateNeedsApproval);
        var run = await house.StartAsync(RunHouse.WithDone(RunHouse.Create("a"), RunHouse.Create("b", "make-a")));
        var view = await house.RestAsync(run);
        Assert.Equal((RunStatus.AwaitingInput, InputKind.Approval), (view.Status, view.PendingInput!.Kind));
        Assert.Contains(ApprovalText.Of(RunHouse.Create("a").Action), view.PendingInput.Shown, StringComparison.Ordinal);
        Assert.Contains("Policy:Approval:Actions", view.PendingInput.Shown, StringComparison.Ordinal);
        Assert.Empty(house.World.Calls);
        var input = view.PendingInput.InputId;

        Assert.Equal("person_needed", (await house.Runs.AnswerAsync(RunHouse.Agent, run, input, true, null))!.Code);
        Assert.Equal("approve_missing", (await house.Runs.AnswerAsync(RunHouse.Person, run, input, null, "yes"))!.Code);
        Assert.Equal("input_unknown", (await house.Runs.AnswerAsync(RunHouse.Person, run, "input_x", true, null))!.Code);
        Assert.Null(await house.Runs.AnswerAsync(RunHouse.Person, run, input, true, null));
        Assert.Equal("input_used", (await house.Runs.AnswerAsync(RunHouse.Person, run, input, true, null))!.Code);

        var next = await house.UntilAsync(run, v => v.PendingInput is { } p && p.InputId != input);
        Assert.Equal(["create a"], house.World.Calls); // b needs a word of its own
        Assert.Null(await house.Runs.AnswerAsync(RunHouse.Person, run, next.PendingInput!.InputId, false, null));
        view = await house.UntilAsync(run, v => v.Status.IsTerminal());
        Assert.Equal((RunStatus.Failed, "policy_denied"), (view.Status, view.Error!.Code));
        Assert.Contains("Ada did not approve", view.Error.Message, StringComparison.Ordinal);
        Assert.Equal(["create a", "remove a"], house.World.Calls);
        var asked = house.Events<JournalEvent.InputRequested>(run);
        Assert.Equal(2, asked.Select(e => e.Digest).Distinct().Count());
        Assert.All(asked, e => Assert.NotNull(e.Digest));
        house.AssertSound();
    }

    [Fact, Trait("Threat", "T25")]
    public async Task Who_approves_sees_the_whole_action_and_nothing_in_it_can_hide()
    {
        await using var house = new RunHouse(policy: CreateNeedsApproval);
        var spec = new ServerSpec(
            "a", new ServerSource.Image("example.com/evil@sha256:" + new string('a', 64), ["--upload", "\u202Egnp.exe\u001b[2J"]),
            Env: new Dictionary<string, string> { ["TARGET"] = "prod" });
        var run = await house.StartAsync(RunHouse.WithDone(new Core.Planning.PlanStep("make", new PlanAction.CreateMcpServer(spec), [])));
        var shown = (await house.RestAsync(run)).PendingInput!.Shown;
        Assert.All((string[])["example.com/evil@sha256:" + new string('a', 64), "--upload", "\\u202Egnp.exe\\u001B[2J", "TARGET", "prod"],
            part => Assert.Contains(part, shown, StringComparison.Ordinal));
        Assert.DoesNotContain(shown, c => c != '\n' && c is < ' ' or > '~');
        var story = Assert.Single(house.Runs.Find("acme", run, after: 0)!.Events!, e => e.Kind == "input_requested").Text;
        Assert.InRange(story.Length, 1, 301); // the story tells of it in a line
        Assert.DoesNotContain('\n', story);
    }

    [Fact, Trait("Threat", "T25"), Trait("Threat", "T26")]
    public async Task Who_settles_a_doubt_sees_the_whole_action_and_the_child_cannot_dress_it_up()
    {
        await using var house = new RunHouse();
        house.World.Script = (what, _) => Task.FromResult<object?>(what.StartsWith("call", StringComparison.Ordinal)
            ? new ToolOutcome.Lost(new Fault("died", "\u001b[2Jall is well\u202E"))
            : null);
        var arguments = $$"""{"to":"{{new string('x', 5_000)}}","amount":1000}""";
        var run = await house.StartAsync(RunHouse.WithDone(RunHouse.Create("a"), RunHouse.Call("p", "a.pay", arguments, "make-a")));
        var shown = (await house.RestAsync(run)).PendingInput!.Shown;
        Assert.Contains(ApprovalText.Of(RunHouse.Call("p", "a.pay", arguments).Action), shown, StringComparison.Ordinal);
        Assert.Contains("all is well", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(shown, c => c is '\u001b' or '\u202E');
    }

    [Fact]
    public async Task To_approve_that_a_question_is_asked_is_not_to_answer_it()
    {
        await using var house = new RunHouse(policy: new PolicyOptions { Approval = new ApprovalOptions { Actions = [ActionNames.AskUser] } });
        var run = await house.StartAsync(RunHouse.WithDone(RunHouse.Ask("q", "Which?"), RunHouse.Report("say", "It is ${q.answer}.", "q")));
        var approval = (await house.RestAsync(run)).PendingInput!;
        Assert.Equal(InputKind.Approval, approval.Kind);
        Assert.Null(await house.Runs.AnswerAsync(RunHouse.Person, run, approval.InputId, true, null));
        var question = (await house.UntilAsync(run, v => v.PendingInput is { } p && p.InputId != approval.InputId)).PendingInput;
        Assert.Equal(InputKind.Question, question?.Kind);
        await house.RestartAsync(); // the approval still stands, and is still no answer
        Assert.Equal(question, (await house.RestAsync(run)).PendingInput);
        Assert.Null(await house.Runs.AnswerAsync(RunHouse.Person, run, question!.InputId, null, "blue"));
        var view = await house.UntilAsync(run, v => v.Status.IsTerminal());
        Assert.Equal("It is blue.", File.ReadAllText(view.Artifacts[0].Path!));
    }

    [Fact]
    public async Task The_last_word_on_undoing_counts()
    {
        await using var house = new RunHouse();
        var (begun, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        house.World.Script = async (what, _) =>
        {
            if (what == "create b")
            {
                begun.TrySetResult();
                await go.Task;
            }

            return null;
        };
        var run = await house.StartAsync(RunHouse.WithDone(RunHouse.Create("a"), RunHouse.Create("b", "make-a")));
        await begun.Task;
        Assert.Null(await house.Runs.CancelAsync(RunHouse.Agent, run, rollback: false));
        Assert.Null(await house.Runs.CancelAsync(RunHouse.Person, run, rollback: true));
        Assert.Null(await house.Runs.CancelAsync(RunHouse.Person, run, rollback: true)); // says nothing new
        go.SetResult();
        Assert.Equal(RunStatus.Cancelled, (await house.UntilAsync(run, v => v.Status.IsTerminal())).Status);
        Assert.Empty(house.World.Servers);
        Assert.Equal([false, true], house.Events<JournalEvent.CancelRequested>(run).Select(e => e.Rollback));
        house.AssertSound();
    }

    [Fact]
    public async Task What_is_being_undone_cannot_be_kept_any_more()
    {
        await using var house = new RunHouse();
        var (begun, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        house.World.Script = async (what, _) =>
        {
            if (what.StartsWith("call", StringComparison.Ordinal))
                return RunHouse.NotCalled(transient: false);
            if (what == "remove a")
            {
                begun.TrySetResult();
                await go.Task;
            }

            return null;
        };
        var run = await house.StartAsync(RunHouse.WithDone(RunHouse.Create("a"), RunHouse.Call("x", "a.total", "{}", "make-a")));
        await begun.Task;
        Assert.Equal("rolling_back", (await house.Runs.CancelAsync(RunHouse.Agent, run, rollback: false))!.Code);
        go.SetResult();
        Assert.Equal(RunStatus.RolledBack, (await house.UntilAsync(run, v => v.Status.IsTerminal())).Status);
    }

    [Fact]
    public async Task A_setting_lets_the_agent_approve()
    {
        await using var house = new RunHouse(policy: new PolicyOptions { Approval = CreateNeedsApproval.Approval, AgentMayApprove = true });
        var run = await house.StartAsync(RunHouse.WithDone(RunHouse.Create("a")));
        Assert.Null(await house.Runs.AnswerAsync(RunHouse.Agent, run, (await house.RestAsync(run)).PendingInput!.InputId, true, null));
        Assert.Equal(RunStatus.Succeeded, (await house.UntilAsync(run, v => v.Status.IsTerminal())).Status);
    }

    [Fact]
    public async Task A_step_that_was_approved_and_fails_for_a_moment_is_tried_again_without_asking()
    {
        await using var house = new RunHouse(policy: CreateNeedsApproval);
        var left = 1;
        house.World.Script = (what, _) => Task.FromResult<object?>(left-- > 0 ? new ServerOutcome.Failed(new Fault("busy", "busy"), Transient: true) : null);
        var run = await house.StartAsync(RunHouse.WithDone(RunHouse.Create("a")));
        Assert.Null(await house.Runs.AnswerAsync(RunHouse.Person, run, (await house.RestAsync(run)).PendingInput!.InputId, true, null));
        Assert.Equal(RunStatus.Succeeded, (await house.UntilAsync(run, v => v.Status.IsTerminal())).Status);
        Assert.Single(house.Events<JournalEvent.InputRequested>(run));
    }

    [Fact]
    public async Task An_answer_feeds_later_steps_and_may_come_from_the_agent()
    {
        await using var house = new RunHouse();
        var run = await house.StartAsync(RunHouse.WithDone(
            new Core.Planning.PlanStep("q", new PlanAction.AskUser("Which?", ["red", "blue"]), []), RunHouse.Report("say", "It is ${q.answer}.", "q")));
        var view = await house.RestAsync(run);
        Assert.Equal((RunStatus.AwaitingInput, InputKind.Question), (view.Status, view.PendingInput!.Kind));
        Assert.Equal(["red", "blue"], view.PendingInput.Choices);
        Assert.Contains("answer_run", view.Next, StringComparison.Ordinal);
        var input = view.PendingInput.InputId;
        Assert.Equal("answer_missing", (await house.Runs.AnswerAsync(RunHouse.Agent, run, input, true, null))!.Code);
        Assert.Equal("answer_unknown", (await house.Runs.AnswerAsync(RunHouse.Agent, run, input, null, "green"))!.Code);
        Assert.Null(await house.Runs.AnswerAsync(RunHouse.Agent, run, input, null, "blue"));
        view = await house.RestAsync(run);
        Assert.Equal("It is blue.", File.ReadAllText(view.Artifacts[0].Path!));
    }

    [Theory, Trait("Threat", "T26")]
    [InlineData(InputAnswers.Repeat, RunStatus.Succeeded, 2)]
    [InlineData(InputAnswers.Happened, RunStatus.Succeeded, 1)]
    [InlineData(InputAnswers.DidNotHappen, RunStatus.RolledBack, 1)]
    public async Task A_step_in_doubt_waits_for_a_person(string answer, RunStatus end, int calls)
    {
        await using var house = new RunHouse();
        var left = 1;
        house.World.Script = (what, _) => Task.FromResult<object?>(
            what.StartsWith("call", StringComparison.Ordinal) && left-- > 0 ? RunHouse.Lost() : null);
        var run = await house.StartAsync(RunHouse.WithDone(RunHouse.Create("a"), RunHouse.Call("p", "a.pay", "{}", "make-a")));
        var view = await house.RestAsync(run);
        Assert.Equal((RunStatus.AwaitingInput, InputKind.InDoubt), (view.Status, view.PendingInput!.Kind));
        Assert.Equal(StepStatus.InDoubt, view.Plan[1].Status);
        Assert.Equal(InputAnswers.DoubtChoices, view.PendingInput.Choices);
        Assert.Equal("person_needed", (await house.Runs.AnswerAsync(RunHouse.Agent, run, view.PendingInput.InputId, null, answer))!.Code);
        Assert.Null(await house.Runs.AnswerAsync(RunHouse.Person, run, view.PendingInput.InputId, null, answer));
        view = await house.RestAsync(run);
        Assert.Equal(end, view.Status);
        Assert.Equal(calls, house.World.Calls.Count(c => c.StartsWith("call", StringComparison.Ordinal)));
        if (end == RunStatus.RolledBack)
            Assert.Equal("in_doubt", view.Error!.Code);
        house.AssertSound();
    }

    [Fact]
    public async Task A_lost_call_that_may_be_repeated_is_repeated()
    {
        await using var house = new RunHouse();
        var left = 1;
        house.World.Script = (what, _) => Task.FromResult<object?>(
            what.StartsWith("call", StringComparison.Ordinal) && left-- > 0 ? RunHouse.Lost() : null);
        var view = await house.RunAsync(RunHouse.WithDone(RunHouse.Create("a"), RunHouse.Call("t", "a.total", "{}", "make-a")));
        Assert.Equal(RunStatus.Succeeded, view.Status);
    }

    [Theory]
    [InlineData(true, RunStatus.Cancelled, 0)]
    [InlineData(false, RunStatus.Cancelled, 1)]
    public async Task Cancelling_while_a_step_runs_ends_the_step_and_undoes_if_asked(bool rollback, RunStatus end, int servers)
    {
        await using var house = new RunHouse();
        var begun = new TaskCompletionSource();
        house.World.Script = async (what, token) =>
        {
            if (what != "create b")
                return null;
            begun.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return null;
        };
        var run = await house.StartAsync(RunHouse.WithDone(RunHouse.Create("a"), RunHouse.Create("b", "make-a"), RunHouse.Create("c", "make-b")));
        await begun.Task;
        Assert.Null(await house.Runs.CancelAsync(RunHouse.Agent, run, rollback));
        var view = await house.RestAsync(run);
        Assert.Equal(end, view.Status);
        Assert.Equal(servers, house.World.Servers.Count);
        Assert.Equal([rollback ? StepStatus.Compensated : StepStatus.Succeeded, StepStatus.Failed, StepStatus.Skipped, StepStatus.Skipped], view.Plan.Select(s => s.Status));
        Assert.Equal("run_ended", (await house.Runs.CancelAsync(RunHouse.Agent, run, rollback))!.Code);
        house.AssertSound();
    }

    [Fact]
    public async Task Cancelling_while_a_tool_runs_that_must_not_be_repeated_says_that_it_is_in_doubt()
    {
        await using var house = new RunHouse();
        var begun = new TaskCompletionSource();
        house.World.Script = async (what, token) =>
        {
            if (!what.StartsWith("call", StringComparison.Ordinal))
                return null;
            begun.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return null;
        };
        var run = await house.StartAsync(RunHouse.WithDone(RunHouse.Create("a"), RunHouse.Call("p", "a.pay", "{}", "make-a")));
        await begun.Task;
        Assert.Null(await house.Runs.CancelAsync(RunHouse.Agent, run, rollback: true));
        var view = await house.RestAsync(run);
        Assert.Equal(RunStatus.Cancelled, view.Status);
        Assert.Equal([StepStatus.Compensated, StepStatus.InDoubt, StepStatus.Skipped], view.Plan.Select(s => s.Status));
        house.AssertSound();
    }

    [Fact]
    public async Task Cancelling_while_a_planner_thinks_or_a_person_is_asked_ends_at_once()
    {
        var thinking = new TaskCompletionSource();
        await using var house = new RunHouse(new ScriptedPlanners(async (_, token) =>
        {
            thinking.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            throw new InvalidOperationException("not reached");
        }));
        var planning = await house.StartAsync();
        await thinking.Task;
        Assert.Null(await house.Runs.CancelAsync(RunHouse.Agent, planning, rollback: true));
        Assert.Equal(RunStatus.Cancelled, (await house.RestAsync(planning)).Status);
        var asking = await house.StartAsync(RunHouse.WithDone(RunHouse.Ask("q", "Which?")));
        Assert.Equal(RunStatus.AwaitingInput, (await house.RestAsync(asking)).Status);
        Assert.Null(await house.Runs.CancelAsync(RunHouse.Agent, asking, rollback: true));
        Assert.Equal(RunStatus.Cancelled, (await house.UntilAsync(asking, v => v.Status.IsTerminal())).Status);
    }
}

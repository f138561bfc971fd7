using Microsoft.Extensions.Time.Testing;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;

namespace PolyClaw.Core.Tests.Execution;

/// <summary>A run whose journal cannot be written says so, holds nothing, and goes on once it can.</summary>
[Trait("Fault", "F9"), Trait("Promise", "P60")]
public sealed class SuspensionTests
{
    [Fact]
    public async Task A_suspended_run_is_told_everywhere_and_goes_on_once_the_journal_can_be_written()
    {
        var clock = new FakeTimeProvider();
        await using var house = new RunHouse(clock: clock);
        var run = await house.StartAsync(RunHouse.WithDone(RunHouse.Ask("q", "Which?"), RunHouse.Create("a", "q")));
        var input = (await house.RestAsync(run)).PendingInput!.InputId;
        house.BreakJournal();
        Assert.Equal("run_suspended", (await house.Runs.AnswerAsync(RunHouse.Person, run, input, null, "this"))!.Code);

        var view = await house.UntilAsync(run, v => v.Error is not null);
        Assert.Equal((RunStatus.AwaitingInput, "run_suspended"), (view.Status, view.Error!.Code));
        Assert.Contains("goes on by itself", view.Error.Fix, StringComparison.Ordinal);
        Assert.Contains("call get_run again", view.Next, StringComparison.Ordinal);
        var line = Assert.Single(house.Runs.List("acme", null, 10));
        Assert.Equal(("awaiting_input", "run_suspended"), (line.Status, line.Error?.Code));
        Assert.Equal("run_suspended", (await house.Runs.CancelAsync(RunHouse.Person, run, true))!.Code);
        Assert.Equal(1, house.Runs.OpenCount); // the instance does not end for idleness meanwhile

        house.MendJournal();
        await PassUntilAsync(house, clock, run, v => v.Error is null);
        Assert.Null(await house.Runs.AnswerAsync(RunHouse.Person, run, input, null, "this"));
        Assert.Equal(RunStatus.Succeeded, (await house.UntilAsync(run, v => v.Status.IsTerminal())).Status);
        Assert.Single(house.Events<JournalEvent.RunResumed>(run));
        house.AssertSound();
    }

    [Theory]
    [InlineData("make-a", StepPlace.BeforeIntent)]
    [InlineData("make-a", StepPlace.BeforeOutcome)]
    public async Task A_step_that_could_not_be_written_down_holds_no_quota_and_is_done_once(string step, StepPlace place)
    {
        var clock = new FakeTimeProvider();
        await using var house = new RunHouse(clock: clock);
        var broken = false;
        house.World.Script = (what, _) =>
        {
            if (place == StepPlace.BeforeOutcome && what == "create a" && !broken)
            {
                broken = true;
                house.BreakJournal();
            }

            return Task.FromResult<object?>(null);
        };
        var run = await house.StartAsync(RunHouse.WithDone(RunHouse.Ask("q", "Which?"), RunHouse.Report("say", "x", "q"), RunHouse.Create("a", "say")), planOnly: true);
        var planned = await house.RestAsync(run);
        Assert.Null(await house.Runs.ApprovePlanAsync(RunHouse.Agent, run, planned.PlanDigest!));
        var input = (await house.UntilAsync(run, v => v.PendingInput is not null)).PendingInput!.InputId;
        if (place == StepPlace.BeforeIntent)
            house.Journal.Appended += BreakAfterReport;
        Assert.Null(await house.Runs.AnswerAsync(RunHouse.Person, run, input, null, "this"));
        var view = await house.UntilAsync(run, v => v.Error is not null);
        Assert.Equal("run_suspended", view.Error!.Code);
        Assert.Equal(Core.Policy.ResourceAmounts.None, house.Ledger.Used("acme"));
        house.MendJournal();
        await PassUntilAsync(house, clock, run, v => v.Status.IsTerminal());
        view = house.Runs.Find("acme", run)!;
        Assert.True(view.Status == RunStatus.Succeeded, view.Error?.ToString());
        Assert.Equal(1, house.World.Count("create a"));
        Assert.Single(house.World.Keys["a"].Distinct());
        Assert.Equal(StepStatus.Succeeded, view.Plan.First(s => s.Id == step).Status);
        house.AssertSound();

        void BreakAfterReport(JournalEntry entry)
        {
            if (entry.Event is not JournalEvent.StepIntended { Step: "say" })
                return;
            house.Journal.Appended -= BreakAfterReport;
            house.BreakJournal();
        }
    }

    [Fact]
    public async Task An_undo_that_could_not_be_written_down_leaves_no_record_behind()
    {
        var clock = new FakeTimeProvider();
        await using var house = new RunHouse(clock: clock);
        var broken = false;
        house.World.Script = (what, _) =>
        {
            if (what == "remove a" && !broken)
            {
                broken = true;
                house.BreakJournal();
            }

            return Task.FromResult<object?>(what.StartsWith("call", StringComparison.Ordinal) ? RunHouse.NotCalled(transient: false) : null);
        };
        var run = await house.StartAsync(RunHouse.WithDone(RunHouse.Create("a"), RunHouse.Call("x", "a.total", "{}", "make-a")));
        await house.UntilAsync(run, v => v.Error?.Code == "run_suspended");
        house.MendJournal();
        await PassUntilAsync(house, clock, run, v => v.Status.IsTerminal());
        Assert.Equal(RunStatus.RolledBack, house.Runs.Find("acme", run)!.Status);
        house.AssertSound();
    }

    public enum StepPlace
    {
        BeforeIntent,
        BeforeOutcome,
    }

    /// <summary>Lets time pass until the run looks as wanted: it sleeps between its attempts to go on.</summary>
    private static async Task PassUntilAsync(RunHouse house, FakeTimeProvider clock, RunId run, Func<RunView, bool> wanted)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!wanted(house.Runs.Find("acme", run)!))
        {
            patience.Token.ThrowIfCancellationRequested();
            clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
    }
}

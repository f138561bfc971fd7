using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Planning;

namespace PolyClaw.Core.Tests.Execution;

/// <summary>What a model took counts from the moment it answered.</summary>
[Trait("Promise", "P60"), Trait("Promise", "P15")]
public sealed class ModelUsageTests
{
    private static readonly PlannerUsage One = new(1, 100, 10);

    [Fact]
    public async Task Each_answer_is_written_down_as_it_comes_and_counted_once()
    {
        await using var house = new RunHouse(new ScriptedPlanners(request =>
        {
            request.Spent(One);
            request.Spent(One);
            return new PlannerAnswer.Made(RunHouse.WithDone(RunHouse.Report("say", "x")), One + One);
        }));
        var run = await house.StartAsync();
        var view = await house.RestAsync(run);
        Assert.Equal((RunStatus.Succeeded, 2, 200L, 20L), (view.Status, view.Usage.ModelCalls, view.Usage.InputTokens, view.Usage.OutputTokens));
        Assert.Equal(2, house.Events<JournalEvent.ModelCalled>(run).Count);
    }

    [Fact]
    public async Task A_crash_in_the_middle_of_planning_makes_no_answer_free()
    {
        var asked = 0;
        await using var house = new RunHouse(new ScriptedPlanners(async (request, token) =>
        {
            request.Spent(One);
            if (++asked == 1)
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return new PlannerAnswer.Made(RunHouse.WithDone(RunHouse.Report("say", "x")), One);
        }));
        var run = await house.StartAsync();
        Assert.Equal(1, (await house.UntilAsync(run, v => v.Usage.ModelCalls == 1)).Usage.ModelCalls);
        await house.RestartAsync();
        var view = await house.RestAsync(run);
        Assert.Equal((RunStatus.Succeeded, 2, 200L), (view.Status, view.Usage.ModelCalls, view.Usage.InputTokens));
    }
}

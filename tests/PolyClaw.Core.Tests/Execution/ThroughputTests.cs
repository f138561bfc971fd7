using System.Diagnostics;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Planning;

namespace PolyClaw.Core.Tests.Execution;

/// <summary>Figures to look at; what is asserted is that everything ended well.</summary>
public sealed class ThroughputTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Many_runs_share_commits()
    {
        await using var house = new RunHouse();
        const int runs = 64, steps = 30;
        var began = Stopwatch.GetTimestamp();
        var before = house.Journal.Commits;
        var started = await Task.WhenAll(Enumerable.Range(0, runs).Select(_ => house.StartAsync(Chain(steps))));
        foreach (var run in started)
            Assert.Equal(RunStatus.Succeeded, (await house.RestAsync(run)).Status);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var events = started.Sum(r => house.Journal.Read(r.Value).Count);
        var commits = house.Journal.Commits - before;
        output.WriteLine($"{runs * steps / seconds:0} journaled steps/s over {runs} runs; {events / seconds:0} events/s, {(double)events / commits:0.0} events a commit");
        Assert.True(commits < events / 3);
    }

    [Fact]
    public async Task A_long_chain_of_steps()
    {
        await using var house = new RunHouse();
        var run = await house.StartAsync(Chain(100));
        Assert.Equal(RunStatus.Succeeded, (await house.RestAsync(run)).Status);
        var ends = house.Journal.Read(run.Value).Where(e => e.Event is JournalEvent.StepEnded).Select(e => e.At).ToList();
        var took = ends.Zip(ends.Skip(1), (a, b) => (b - a).TotalMilliseconds).Order().ToList();
        output.WriteLine($"100 steps in a chain: p50 {took[took.Count / 2]:0.0} ms a step, whole {(ends[^1] - ends[0]).TotalMilliseconds:0} ms");
        Assert.Equal(100, ends.Count);
    }

    private static Plan Chain(int steps) => RunHouse.WithDone([.. Enumerable.Range(0, steps - 1).Select(i =>
        new PlanStep("s" + i, new PlanAction.CheckResourceAvailability(), i == 0 ? [] : ["s" + (i - 1)]))]);
}

using Microsoft.Extensions.Time.Testing;
using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Tests.Execution;

/// <summary>A run that is to stop waits for what it has begun: quietly, and not for ever.</summary>
public sealed class StoppingTests
{
    [Fact]
    public async Task A_run_out_of_time_sleeps_until_its_step_ends()
    {
        var clock = new AskedClock();
        await using var house = new RunHouse(clock: clock);
        var (begun, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        house.World.Script = async (_, _) =>
        {
            begun.TrySetResult();
            await go.Task; // deaf to being cancelled
            return null;
        };
        var run = await house.StartAsync(RunHouse.WithDone(RunHouse.Create("a")), limits: new RunLimits { Minutes = 2 });
        await begun.Task;
        clock.Advance(TimeSpan.FromMinutes(3));
        await RoundTripAsync(house, run); // by now it has seen the clock
        var asked = clock.Asked;
        for (var i = 0; i < 5; i++)
            await RoundTripAsync(house, run);
        Assert.InRange(clock.Asked - asked, 0, 50); // it would be thousands
        go.SetResult();
        Assert.Equal(RunStatus.BudgetExhausted, (await house.UntilAsync(run, v => v.Status.IsTerminal())).Status);
    }

    [Fact]
    public async Task An_instance_ends_though_an_effect_does_not()
    {
        var clock = new FakeTimeProvider();
        await using var house = new RunHouse(clock: clock);
        var (begun, never) = (new TaskCompletionSource(), new TaskCompletionSource());
        house.World.Script = async (_, _) =>
        {
            begun.TrySetResult();
            await never.Task;
            return null;
        };
        await house.StartAsync(RunHouse.WithDone(RunHouse.Create("a")));
        await begun.Task;
        var stopping = house.Runs.DisposeAsync().AsTask();
        while (!stopping.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await stopping;
        never.SetResult();
    }

    private static async Task RoundTripAsync(RunHouse house, RunId run) =>
        Assert.Equal("input_unknown", (await house.Runs.AnswerAsync(RunHouse.Agent, run, "input_x", null, "x"))!.Code);

    private sealed class AskedClock : FakeTimeProvider
    {
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public override DateTimeOffset GetUtcNow()
        {
            Interlocked.Increment(ref _asked);
            return base.GetUtcNow();
        }
    }
}

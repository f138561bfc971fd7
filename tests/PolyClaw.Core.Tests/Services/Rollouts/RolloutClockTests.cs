using PolyClaw.Core.Services.Rollouts;

namespace PolyClaw.Core.Tests.Services.Rollouts;

public sealed class RolloutClockTests
{
    [Fact, Trait("Promise", "P52")]
    public void A_clock_set_back_makes_a_step_longer_and_never_shorter()
    {
        var walk = new RolloutWalk(RolloutWalk.Order(RolloutStrategy.Canary)).AtFirstStep();
        walk.Look(4, 1, RolloutWalk.Good(), after: -3600);
        Assert.Equal(("holding: 0 of 10 s", 5), (walk.Hold, walk.State.Step));
        walk.Look(4, 1, RolloutWalk.Good(), after: 3609);
        Assert.Equal(5, walk.State.Step);
        walk.Look(4, 1, RolloutWalk.Good());
        Assert.Equal(10, walk.State.Step);
    }

    [Fact, Trait("Promise", "P51")]
    public void A_clock_set_back_keeps_the_old_set_longer()
    {
        var walk = new RolloutWalk(RolloutWalk.Order(RolloutStrategy.BlueGreen));
        walk.Look(4, 4);
        Assert.Equal(4, walk.Look(4, 4, after: -100).StableReplicas);
        Assert.Equal(4, walk.Look(4, 4, after: 129).StableReplicas);
        Assert.Equal(0, walk.Look(4, 4).StableReplicas);
    }

    [Theory]
    [InlineData(RolloutStrategy.Rolling)]
    [InlineData(RolloutStrategy.BlueGreen)]
    [InlineData(RolloutStrategy.Canary)]
    public void The_ends_of_time_are_times(RolloutStrategy strategy)
    {
        foreach (var now in new[] { DateTimeOffset.MinValue, DateTimeOffset.MaxValue, RolloutWalk.Noon })
        {
            var walk = new RolloutWalk(RolloutWalk.Order(strategy)) { Now = now };
            walk.Look(4, 0, after: 0);
            walk.Look(4, 4, new RequestWindow(long.MaxValue, 0, TimeSpan.MaxValue), new RequestWindow(long.MaxValue, 0, TimeSpan.MaxValue), after: 0);
            walk.Now = DateTimeOffset.MinValue;
            walk.Look(4, 4, after: 0);
        }
    }
}

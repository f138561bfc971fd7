using PolyClaw.Core.Goals;
using PolyClaw.Core.Services.Rollouts;

namespace PolyClaw.Core.Tests.Services.Rollouts;

[Trait("Promise", "P51")]
public sealed class BlueGreenTests
{
    [Fact]
    public void All_traffic_moves_at_once_when_the_second_set_is_whole_and_the_old_set_stays_a_while()
    {
        var walk = new RolloutWalk(RolloutWalk.Order(RolloutStrategy.BlueGreen));
        Assert.Equal(new Desired(4, 4, 0), walk.Look(4, 0));
        Assert.Equal(new Desired(4, 4, 0), walk.Look(4, 3));
        Assert.Equal(new Desired(4, 4, 100), walk.Look(4, 4));
        Assert.Equal(new Desired(4, 4, 100), walk.Look(4, 4, after: 29));
        Assert.Equal("holding: old replicas kept for 29 of 30 s", walk.Hold);
        Assert.Equal(new Desired(0, 4, 100), walk.Look(4, 4));
        Assert.Equal(new Desired(0, 4, 100), walk.Look(2, 4));
        Assert.Equal("holding: 2 old replicas are going", walk.Hold);
        walk.Look(0, 4);
        Assert.Equal(RolloutPhase.Succeeded, walk.State.Phase);
    }

    [Fact, Trait("Promise", "P54")]
    public void While_the_old_set_is_kept_an_ill_replica_switches_back_at_once()
    {
        var walk = Switched();
        Assert.Equal(new Desired(4, 4, 0), walk.Look(4, 3));
        Assert.Equal(new Desired(4, 0, 0), walk.Look(4, 4));
        Assert.Equal(new Desired(4, 0, 0), walk.Look(4, 0));
        Assert.Equal(RolloutPhase.RolledBack, walk.State.Phase);
        Assert.Equal("unhealthy_after_switch", walk.State.Reason?.Code);
    }

    [Fact, Trait("Promise", "P54")]
    public void While_the_old_set_is_kept_a_broken_version_switches_back_at_once()
    {
        var walk = Switched();
        var broken = new VersionSeen(4, 4, 4, Broken: true, new Fault("crash_loop", "it crashed 5 times"));
        Assert.Equal(0, walk.Look(new VersionSeen(4, 4, 4), broken).NewWeight);
        Assert.Equal("crash_loop", walk.State.Reason?.Code);
    }

    [Fact, Trait("Promise", "P55")]
    public void Nothing_switches_back_to_an_old_set_that_is_worse()
    {
        var walk = Switched();
        Assert.Equal(new Desired(4, 4, 100), walk.Look(2, 3));
        Assert.Equal("holding: 3 of 4 replicas healthy", walk.Hold);
        Assert.Equal(new Desired(4, 4, 100), walk.Look(2, 3, after: 60)); // nor are the old ones removed meanwhile
    }

    [Fact, Trait("Promise", "P55")]
    public void A_second_set_that_stands_in_for_a_dead_one_serves_until_that_is_whole_enough()
    {
        var walk = new RolloutWalk(RolloutWalk.Order(RolloutStrategy.BlueGreen));
        walk.Look(4, 0);
        Assert.Equal(100, walk.Look(0, 3).NewWeight);
        Assert.Equal(100, walk.Look(1, 3).NewWeight);
        Assert.Equal(0, walk.Look(3, 3).NewWeight);
    }

    private static RolloutWalk Switched()
    {
        var walk = new RolloutWalk(RolloutWalk.Order(RolloutStrategy.BlueGreen));
        walk.Look(4, 0);
        walk.Look(4, 4);
        Assert.Equal(RolloutPhase.KeepingOld, walk.State.Phase);
        return walk;
    }
}

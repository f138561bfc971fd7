using PolyClaw.Core.Goals;
using PolyClaw.Core.Services.Rollouts;

namespace PolyClaw.Core.Tests.Services.Rollouts;

[Trait("Promise", "P50")]
public sealed class StopFirstTests
{
    private static readonly RolloutOrder Order = new(RolloutStrategy.Rolling, 2, 1, StableVersion: 1, StableReplicas: 1, Stateful: true);

    [Fact]
    public void The_old_writer_is_gone_before_the_new_one_starts()
    {
        var walk = new RolloutWalk(Order);
        Assert.Equal(new Desired(0, 0, 0), walk.Look(1, 0));
        Assert.Equal(new Desired(0, 0, 0), walk.Look(1, 0));
        Assert.Equal("holding: 1 old replicas are still there", walk.Hold);
        Assert.Equal(new Desired(0, 1, 0), walk.Look(0, 0));
        Assert.Equal(new Desired(0, 1, 100), walk.Look(0, 1));
        Assert.Equal(RolloutPhase.Succeeded, walk.State.Phase);
    }

    [Fact]
    public void A_writer_that_is_still_wanted_counts_as_one_that_runs()
    {
        var walk = new RolloutWalk(Order);
        walk.Look(0, 0);
        Assert.Equal(0, walk.Look(new VersionSeen(Wanted: 1, Running: 0, Healthy: 0), VersionSeen.None).NewReplicas);
        Assert.Equal(1, walk.Look(VersionSeen.None, VersionSeen.None).NewReplicas);
    }

    [Fact, Trait("Promise", "P54")]
    public void On_the_way_back_the_new_writer_is_gone_before_the_old_one_starts()
    {
        var walk = new RolloutWalk(Order);
        walk.Look(1, 0);
        walk.Look(0, 0);
        var broken = new VersionSeen(1, 1, 0, Broken: true, new Fault("crash_loop", "it crashed 5 times"));
        Assert.Equal(new Desired(0, 0, 0), walk.Look(VersionSeen.None, broken));
        Assert.Equal(new Desired(0, 0, 0), walk.Look(VersionSeen.None, new VersionSeen(0, 1, 0)));
        Assert.Equal(new Desired(0, 0, 0), walk.Look(VersionSeen.None, new VersionSeen(1, 0, 0)));
        Assert.Equal(new Desired(1, 0, 0), walk.Look(VersionSeen.None, VersionSeen.None));
        Assert.Equal(RolloutPhase.RollingBack, walk.State.Phase);
        walk.Look(1, 0);
        Assert.Equal(RolloutPhase.RolledBack, walk.State.Phase);
        Assert.Equal("crash_loop", walk.State.Reason?.Code);
    }
}

using PolyClaw.Core.Services.Rollouts;

namespace PolyClaw.Core.Tests.Services.Rollouts;

[Trait("Promise", "P50")]
public sealed class RollingTests
{
    [Fact, Trait("Promise", "P55")]
    public void Each_healthy_new_replica_relieves_one_old_one()
    {
        var walk = new RolloutWalk(RolloutWalk.Order(RolloutStrategy.Rolling));
        Assert.Equal(new Desired(4, 1, 0), walk.Look(4, 0));
        Assert.Equal(new Desired(3, 2, 20), walk.Look(4, 1));
        Assert.Equal(new Desired(3, 2, 25), walk.Look(3, 1));
        Assert.Equal(new Desired(2, 3, 40), walk.Look(3, 2));
        Assert.Equal(new Desired(1, 4, 60), walk.Look(2, 3));
        Assert.Equal("holding: 3 of 4 replicas healthy", walk.Hold);
        Assert.Equal(new Desired(1, 4, 100), walk.Look(1, 4));
        Assert.Equal(RolloutPhase.KeepingOld, walk.State.Phase);
        Assert.Equal(new Desired(0, 4, 100), walk.Look(1, 4));
        Assert.Equal(RolloutPhase.Promoting, walk.State.Phase);
        Assert.Equal(new Desired(0, 4, 100), walk.Look(0, 4));
        Assert.Equal(RolloutPhase.Succeeded, walk.State.Phase);
    }

    [Fact]
    public void The_surge_is_a_quarter_rounded_up()
    {
        var walk = new RolloutWalk(RolloutWalk.Order(RolloutStrategy.Rolling, 10));
        Assert.Equal(new Desired(10, 3, 0), walk.Look(10, 0));
    }

    [Fact, Trait("Promise", "P55")]
    public void A_new_replica_that_falls_ill_costs_no_other_its_place()
    {
        var walk = new RolloutWalk(RolloutWalk.Order(RolloutStrategy.Rolling));
        walk.Look(4, 0);
        walk.Look(4, 1);
        Assert.Equal(new Desired(2, 3, 40), walk.Look(3, 2));
        Assert.Equal(new Desired(2, 3, 33), walk.Look(2, 1));
        Assert.Equal(new Desired(2, 3, 0), walk.Look(2, 0));
    }

    [Fact, Trait("Promise", "P55")]
    public void Old_replicas_that_stand_in_for_dead_new_ones_lose_their_traffic_before_they_go()
    {
        var walk = new RolloutWalk(RolloutWalk.Order(RolloutStrategy.Rolling, 1));
        walk.Look(1, 0);
        Assert.Equal(new Desired(1, 1, 100), walk.Look(1, 1));
        Assert.Equal(new Desired(1, 1, 0), walk.Look(1, 0));
        Assert.Equal(new Desired(1, 1, 100), walk.Look(1, 1));
        Assert.Equal(new Desired(0, 1, 100), walk.Look(1, 1));
    }

    [Fact]
    public void An_old_version_that_is_ill_does_not_stand_in_the_way_of_its_cure()
    {
        var walk = new RolloutWalk(RolloutWalk.Order(RolloutStrategy.Rolling));
        Assert.Equal(1, walk.Look(0, 0).NewReplicas);
        Assert.Equal(new Desired(3, 2, 100), walk.Look(0, 1));
        Assert.Equal(new Desired(2, 3, 100), walk.Look(0, 2));
        Assert.Equal(new Desired(1, 4, 100), walk.Look(0, 3));
        walk.Look(0, 4);
        walk.Look(0, 4);
        walk.Look(0, 4);
        Assert.Equal(RolloutPhase.Succeeded, walk.State.Phase);
    }

    [Theory, Trait("Promise", "P55")]
    [InlineData(6, 4)]
    [InlineData(2, 4)]
    public void A_version_with_another_number_of_replicas_is_never_short_of_them(int before, int after)
    {
        var walk = new RolloutWalk(new RolloutOrder(RolloutStrategy.Rolling, 2, after, StableVersion: 1, StableReplicas: before));
        var (stable, fresh) = (before, 0);
        for (var look = 0; !walk.State.Phase.IsTerminal(); look++)
        {
            Assert.True(look < 20);
            (stable, fresh, _) = walk.Look(stable, fresh);
            Assert.True(stable + fresh >= Math.Min(before, after));
            Assert.True(stable <= before);
        }

        Assert.Equal((0, after), (stable, fresh));
    }

    [Fact]
    public void A_first_version_gets_all_replicas_at_once_and_traffic_as_soon_as_any_is_healthy()
    {
        var walk = new RolloutWalk(new RolloutOrder(RolloutStrategy.Canary, 1, 4, FirstWeight: 10));
        Assert.Equal(new Desired(0, 4, 0), walk.Look(VersionSeen.None, new VersionSeen(4, 4, 0)));
        Assert.Equal(new Desired(0, 4, 100), walk.Look(VersionSeen.None, new VersionSeen(4, 4, 1)));
        Assert.Equal(new Desired(0, 4, 100), walk.Look(VersionSeen.None, new VersionSeen(4, 4, 4)));
        Assert.Equal(RolloutPhase.Succeeded, walk.State.Phase);
    }

    [Fact]
    public void A_version_beside_one_that_was_scaled_to_zero_takes_all_at_once()
    {
        var walk = new RolloutWalk(new RolloutOrder(RolloutStrategy.Canary, 2, 2, StableVersion: 1));
        Assert.Equal(new Desired(0, 2, 0), walk.Look(0, 0));
        walk.Look(0, 2);
        Assert.Equal(RolloutPhase.Succeeded, walk.State.Phase);
    }

    [Fact]
    public void The_deadline_begins_anew_with_each_replica_that_gets_healthy()
    {
        var walk = new RolloutWalk(RolloutWalk.Order(RolloutStrategy.Rolling));
        walk.Look(4, 0, after: 600);
        walk.Look(4, 1, after: 0);
        walk.Look(3, 1, after: 600);
        Assert.Equal(RolloutPhase.Progressing, walk.State.Phase);
        walk.Look(3, 1, after: 1);
        Assert.Equal("progress_deadline", walk.State.Reason?.Code);
    }
}

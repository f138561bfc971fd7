using PolyClaw.Core.Goals;
using PolyClaw.Core.Services.Rollouts;

namespace PolyClaw.Core.Tests.Services.Rollouts;

[Trait("Promise", "P54")]
public sealed class GoingBackTests
{
    private static readonly Fault Stop = new("cancelled", "a person asked to stop");

    [Fact]
    public void A_first_version_that_fails_leaves_nothing()
    {
        var walk = new RolloutWalk(new RolloutOrder(RolloutStrategy.Rolling, 1, 4));
        walk.Look(VersionSeen.None, new VersionSeen(4, 4, 1));
        var broken = new VersionSeen(4, 4, 1, Broken: true);
        Assert.Equal(new Desired(0, 4, 0), walk.Look(VersionSeen.None, broken));
        Assert.Equal(new Desired(0, 0, 0), walk.Look(VersionSeen.None, broken));
        Assert.Equal(new Desired(0, 0, 0), walk.Look(VersionSeen.None, VersionSeen.None));
        Assert.Equal(RolloutPhase.RolledBack, walk.State.Phase);
        Assert.Equal("version_broken", walk.State.Reason?.Code);
    }

    [Fact, Trait("Promise", "P55")]
    public void In_the_middle_of_a_rolling_exchange_the_healthy_new_replicas_serve_until_the_old_version_is_whole()
    {
        var walk = new RolloutWalk(RolloutWalk.Order(RolloutStrategy.Rolling));
        walk.Look(4, 0);
        walk.Look(4, 1);
        walk.Look(3, 2);
        var crashing = new VersionSeen(3, 3, 2, Broken: true);
        Assert.Equal(new Desired(4, 2, 50), walk.Look(new VersionSeen(2, 2, 2), crashing));
        Assert.Equal(RolloutPhase.RestoringOld, walk.State.Phase);
        Assert.Equal(new Desired(4, 2, 40), walk.Look(3, 2));
        Assert.Equal("holding: 3 of 4 old replicas healthy again", walk.Hold);
        Assert.Equal(new Desired(4, 2, 0), walk.Look(4, 2));
        Assert.Equal(new Desired(4, 0, 0), walk.Look(4, 2));
        Assert.Equal("holding: 2 new replicas are going", walk.Hold);
        walk.Look(4, 0);
        Assert.Equal(RolloutPhase.RolledBack, walk.State.Phase);
    }

    [Fact]
    public void Replicas_that_had_no_traffic_go_at_once()
    {
        var walk = new RolloutWalk(RolloutWalk.Order(RolloutStrategy.Rolling));
        walk.Look(4, 0);
        Assert.Equal(new Desired(4, 0, 0), walk.Look(new VersionSeen(4, 4, 4), new VersionSeen(1, 1, 0, Broken: true)));
    }

    [Theory]
    [InlineData(RolloutStrategy.Rolling)]
    [InlineData(RolloutStrategy.BlueGreen)]
    [InlineData(RolloutStrategy.Canary)]
    public void Whoever_cancels_gets_the_old_version_back(RolloutStrategy strategy)
    {
        var walk = new RolloutWalk(RolloutWalk.Order(strategy));
        walk.Look(4, 0);
        walk.Look(4, 1);
        walk.State = Rollout.Cancel(walk.State, Stop, walk.Now);
        var (stable, fresh) = (4, 1);
        for (var look = 0; !walk.State.Phase.IsTerminal(); look++)
        {
            Assert.True(look < 10);
            (stable, fresh, _) = walk.Look(stable, fresh);
        }

        Assert.Equal((RolloutPhase.RolledBack, 4, 0, Stop), (walk.State.Phase, stable, fresh, walk.State.Reason));
    }

    [Fact, Trait("Promise", "P55")]
    public void A_cancel_while_the_old_replicas_are_going_brings_them_back_first()
    {
        var walk = new RolloutWalk(RolloutWalk.Order(RolloutStrategy.Rolling, 1));
        walk.Look(1, 0);
        walk.Look(1, 1);
        walk.Look(1, 1);
        Assert.Equal(RolloutPhase.Promoting, walk.State.Phase);
        walk.State = Rollout.Cancel(walk.State, Stop, walk.Now);
        Assert.Equal(new Desired(1, 1, 100), walk.Look(0, 1));
        Assert.Equal(new Desired(1, 1, 0), walk.Look(1, 1));
    }

    [Fact]
    public void What_has_ended_or_goes_back_already_cannot_be_cancelled()
    {
        var walk = new RolloutWalk(RolloutWalk.Order(RolloutStrategy.Canary));
        walk.State = Rollout.Cancel(walk.State, Stop, walk.Now);
        Assert.Same(walk.State, Rollout.Cancel(walk.State, new Fault("other", "another reason"), walk.Now));
        walk.Look(4, 0);
        Assert.Equal(RolloutPhase.RolledBack, walk.State.Phase);
        Assert.Same(walk.State, Rollout.Cancel(walk.State, Stop, walk.Now));
        Assert.Equal(new Desired(4, 0, 0), walk.Look(0, 4));
    }

    [Fact, Trait("Promise", "P55")]
    public void The_only_healthy_replicas_are_never_taken_away()
    {
        var walk = new RolloutWalk(RolloutWalk.Order(RolloutStrategy.Canary)).AtFirstStep();
        walk.State = Rollout.Cancel(walk.State, Stop, walk.Now);
        Assert.Equal(new Desired(4, 1, 100), walk.Look(0, 1));
        Assert.Equal(new Desired(4, 1, 100), walk.Look(0, 1, after: 100_000));
        Assert.Equal(new Desired(4, 1, 0), walk.Look(1, 1));
        Assert.Equal(new Desired(4, 0, 0), walk.Look(1, 1));
    }

    [Fact]
    public void An_old_version_that_cannot_get_whole_does_not_keep_the_rollout_from_ending()
    {
        var walk = new RolloutWalk(RolloutWalk.Order(RolloutStrategy.Canary)).AtFirstStep();
        walk.State = Rollout.Cancel(walk.State, Stop, walk.Now);
        walk.Look(3, 1);
        walk.Look(3, 0);
        Assert.Equal(RolloutPhase.RollingBack, walk.State.Phase);
        walk.Look(3, 0, after: 600);
        Assert.Equal((RolloutPhase.RolledBack, new Desired(4, 0, 0)), (walk.State.Phase, walk.State.Desired));
    }

    [Fact, Trait("Promise", "P60")]
    public void It_has_not_ended_before_the_world_was_told_even_if_a_crash_came_between()
    {
        var walk = new RolloutWalk(RolloutWalk.Order(RolloutStrategy.Canary)).AtFirstStep();
        walk.State = Rollout.Cancel(walk.State, Stop, walk.Now);
        walk.Look(4, 1);
        walk.Look(new VersionSeen(4, 4, 4), new VersionSeen(Wanted: 1, Running: 0, Healthy: 0));
        Assert.Equal(RolloutPhase.RollingBack, walk.State.Phase);
        walk.Look(new VersionSeen(Wanted: 3, Running: 4, Healthy: 4), VersionSeen.None);
        Assert.Equal(RolloutPhase.RollingBack, walk.State.Phase);
        walk.Look(new VersionSeen(4, 4, 4), VersionSeen.None);
        Assert.Equal(RolloutPhase.RolledBack, walk.State.Phase);
    }
}

using PolyClaw.Core.Services.Rollouts;

namespace PolyClaw.Core.Tests.Services.Rollouts;

[Trait("Promise", "P52")]
public sealed class CanaryTests
{
    private static readonly RolloutOrder Order = RolloutWalk.Order(RolloutStrategy.Canary);

    [Fact]
    public void The_share_grows_step_by_step_and_the_old_version_keeps_its_replicas_to_the_end()
    {
        var walk = new RolloutWalk(Order);
        var shares = new List<(int Weight, int Replicas)>();
        var fresh = 0;
        for (var look = 0; walk.State.Phase == RolloutPhase.Progressing; look++)
        {
            Assert.True(look < 200);
            var desired = walk.Look(4, fresh, RolloutWalk.Good(), RolloutWalk.Good());
            Assert.Equal(4, desired.StableReplicas);
            fresh = desired.NewReplicas;
            if (shares.Count == 0 || shares[^1].Weight != desired.NewWeight)
                shares.Add((desired.NewWeight, desired.NewReplicas));
        }

        Assert.Equal([(0, 1), (5, 1), (10, 1), (25, 1), (50, 2), (100, 4)], shares);
        Assert.Equal(new Desired(0, 4, 100), walk.Look(4, 4));
        walk.Look(0, 4);
        Assert.Equal(RolloutPhase.Succeeded, walk.State.Phase);
    }

    [Fact]
    public void More_traffic_comes_only_when_the_replicas_for_it_are_healthy()
    {
        var walk = new RolloutWalk(Order with { FirstWeight = 25 }).AtFirstStep();
        Assert.Equal(new Desired(4, 2, 25), walk.Look(4, 1, RolloutWalk.Good(), after: 10));
        Assert.Equal(50, walk.State.Step);
        Assert.Equal(new Desired(4, 2, 25), walk.Look(4, 1, RolloutWalk.Good()));
        Assert.Equal(new Desired(4, 2, 50), walk.Look(4, 2, RolloutWalk.Good()));
    }

    [Theory]
    [InlineData(7, new[] { 7, 10, 25, 50, 100 })]
    [InlineData(10, new[] { 10, 25, 50, 100 })]
    [InlineData(60, new[] { 60, 100 })]
    [InlineData(100, new[] { 100 })]
    public void The_weight_asked_for_is_the_first_step_and_lower_ones_are_left_out(int weight, int[] steps)
    {
        var walk = new RolloutWalk(Order with { FirstWeight = weight });
        var met = new List<int>();
        for (var look = 0; walk.State.Phase == RolloutPhase.Progressing; look++)
        {
            Assert.True(look < 200);
            walk.Look(4, 4, RolloutWalk.Good());
            if (walk.State.Weight > 0 && !met.Contains(walk.State.Weight))
                met.Add(walk.State.Weight);
        }

        Assert.Equal(steps, met);
    }

    [Fact]
    public void Too_few_requests_hold_for_as_long_as_it_takes()
    {
        var walk = new RolloutWalk(Order).AtFirstStep();
        walk.Look(4, 1, RolloutWalk.Good(12), after: 86_400);
        Assert.Equal("holding: 12 of 50 requests", walk.Hold);
        walk.Look(4, 1, RolloutWalk.Good(49), after: 86_400);
        Assert.Equal(5, walk.State.Step);
        walk.Look(4, 1, RolloutWalk.Good(50));
        Assert.Equal(10, walk.State.Step);
    }

    [Fact]
    public void A_hold_changes_nothing_that_would_have_to_be_journaled()
    {
        var walk = new RolloutWalk(Order).AtFirstStep();
        var state = walk.State;
        walk.Look(4, 1, RolloutWalk.Good(12));
        walk.Look(4, 1, RolloutWalk.Good(13));
        Assert.Equal(state, walk.State);
    }

    public static TheoryData<long, long, int> NoFigures => new() { { -1, 0, 1 }, { 100, -1, 1 }, { 100, 101, 1 }, { 100, 0, -1 } };

    [Theory, MemberData(nameof(NoFigures))]
    public void Figures_that_cannot_be_true_hold_as_missing_ones_do(long count, long failures, int p99Ms)
    {
        var walk = new RolloutWalk(Order).AtFirstStep();
        walk.Look(4, 1, after: 100);
        Assert.Equal("holding: no metrics of version 2", walk.Hold);
        walk.Look(4, 1, new RequestWindow(count, failures, TimeSpan.FromMilliseconds(p99Ms)), after: 100);
        Assert.Equal("holding: no metrics of version 2", walk.Hold);
        Assert.Equal(5, walk.State.Step);
    }

    [Fact]
    public void A_step_lasts_its_least_time()
    {
        var walk = new RolloutWalk(Order).AtFirstStep();
        walk.Look(4, 1, RolloutWalk.Good(), after: 9);
        Assert.Equal("holding: 9 of 10 s", walk.Hold);
        walk.Look(4, 1, RolloutWalk.Good());
        Assert.Equal(10, walk.State.Step);
    }

    [Fact]
    public void A_step_is_not_passed_while_a_replica_is_ill()
    {
        var walk = new RolloutWalk(Order with { FirstWeight = 50 }).AtFirstStepOfTwo();
        walk.Look(4, 1, RolloutWalk.Good(), after: 100);
        Assert.Equal(50, walk.State.Step);
        Assert.Equal("holding: 1 of 2 replicas healthy", walk.Hold);
    }

    [Fact, Trait("Promise", "P54")]
    public void Bad_metrics_four_looks_in_a_row_take_all_traffic_away()
    {
        var walk = new RolloutWalk(Order).AtFirstStep();
        var bad = new RequestWindow(100, 2, TimeSpan.FromMilliseconds(40));
        for (var look = 1; look <= 3; look++)
        {
            Assert.Equal(5, walk.Look(4, 1, bad).NewWeight);
            Assert.Equal($"holding: bad metrics, {look} of 4 looks in a row", walk.Hold);
        }

        Assert.Equal(new Desired(4, 1, 0), walk.Look(4, 1, bad));
        Assert.Equal(new Desired(4, 0, 0), walk.Look(4, 1));
        Assert.Equal(new Desired(4, 0, 0), walk.Look(4, 0));
        Assert.Equal(RolloutPhase.RolledBack, walk.State.Phase);
        Assert.Equal("bad_metrics", walk.State.Reason?.Code);
        Assert.Contains("failed 2 of 100 requests at 5 %", walk.State.Reason?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_good_look_forgives_the_bad_ones_and_a_missing_one_does_not()
    {
        var walk = new RolloutWalk(Order).AtFirstStep();
        var bad = new RequestWindow(100, 2, TimeSpan.FromMilliseconds(40));
        walk.Look(4, 1, bad);
        walk.Look(4, 1, bad);
        walk.Look(4, 1);
        Assert.Equal(2, walk.State.BadLooks);
        walk.Look(4, 1, RolloutWalk.Good());
        Assert.Equal(0, walk.State.BadLooks);
    }

    [Theory]
    [InlineData(100, 1, true)]
    [InlineData(100, 2, false)]
    [InlineData(1000, 10, true)]
    [InlineData(1000, 11, false)]
    public void Ninety_nine_in_a_hundred_are_enough(long count, long failures, bool good) =>
        Assert.Equal(good, IsGood(new RequestWindow(count, failures, TimeSpan.FromMilliseconds(40)), null));

    [Theory]
    [InlineData(500, null, true)]
    [InlineData(501, null, false)]
    [InlineData(60, 10, true)]
    [InlineData(61, 10, false)]
    [InlineData(300, 200, true)]
    [InlineData(301, 200, false)]
    [InlineData(3000, 2000, true)]
    public void The_p99_is_measured_against_the_old_version_and_against_half_a_second_where_there_is_none(int fresh, int? stable, bool good) =>
        Assert.Equal(good, IsGood(
            new RequestWindow(100, 0, TimeSpan.FromMilliseconds(fresh)),
            stable is { } ms ? new RequestWindow(100, 0, TimeSpan.FromMilliseconds(ms)) : null));

    [Fact]
    public void A_slow_service_is_measured_by_its_own_past_once_the_old_version_has_no_traffic()
    {
        var slow = new RequestWindow(100, 0, TimeSpan.FromSeconds(2));
        var walk = new RolloutWalk(Order with { FirstWeight = 50 }).AtFirstStepOfTwo();
        walk.Look(4, 2, slow, slow, after: 10);
        Assert.Equal(100, walk.State.Step);
        walk.Look(4, 4, null, null);
        walk.Look(4, 4, slow, new RequestWindow(0, 0, TimeSpan.Zero), after: 10);
        Assert.Equal(RolloutPhase.KeepingOld, walk.State.Phase);
    }

    [Fact]
    public void After_a_long_hold_a_replica_that_flaps_has_the_whole_deadline_again()
    {
        var walk = new RolloutWalk(Order).AtFirstStep();
        walk.Look(4, 1, RolloutWalk.Good(12), after: 86_400);
        Assert.Equal(new Desired(4, 1, 0), walk.Look(4, 0, RolloutWalk.Good(12)));
        walk.Look(4, 0, RolloutWalk.Good(12), after: 600);
        Assert.Equal(RolloutPhase.Progressing, walk.State.Phase);
        walk.Look(4, 0, RolloutWalk.Good(12));
        Assert.Equal("progress_deadline", walk.State.Reason?.Code);
    }

    [Fact, Trait("Promise", "P55")]
    public void Where_no_old_replica_is_healthy_the_canary_takes_over_until_one_is()
    {
        var walk = new RolloutWalk(Order).AtFirstStep();
        Assert.Equal(100, walk.Look(0, 1).NewWeight);
        Assert.Equal(5, walk.State.Weight);
        Assert.Equal(5, walk.Look(1, 1).NewWeight);
    }

    private static bool IsGood(RequestWindow fresh, RequestWindow? stable)
    {
        var walk = new RolloutWalk(Order).AtFirstStep();
        walk.Look(4, 1, fresh, stable);
        return walk.State.BadLooks == 0;
    }
}

file static class CanaryWalks
{
    public static RolloutWalk AtFirstStepOfTwo(this RolloutWalk walk)
    {
        walk.Look(4, 0);
        walk.Look(4, 2);
        Assert.Equal(50, walk.State.Weight);
        return walk;
    }
}

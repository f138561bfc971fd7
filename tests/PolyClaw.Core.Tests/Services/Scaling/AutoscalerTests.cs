using PolyClaw.Core.Services.Scaling;

namespace PolyClaw.Core.Tests.Services.Scaling;

[Trait("Promise", "P53")]
public sealed class AutoscalerTests
{
    [Fact]
    public void More_load_gets_more_replicas_at_once_as_far_as_the_rate_allows()
    {
        var walk = new ScalingWalk(4);
        Assert.Equal(8, walk.Look(20));
        Assert.Equal("requests at once is 50 of 10, which wants 20; 8 are as far as it may go within 15 s", walk.Why);
        Assert.Equal(8, walk.Look(20, after: 14));
        Assert.Equal(16, walk.Look(20, after: 1));
        Assert.Equal(20, walk.Look(20));
        Assert.Equal("requests at once is 12.5 of 10, which wants 20", walk.Why);
        Assert.Equal(20, walk.Look(20));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 6)]
    [InlineData(4, 8)]
    [InlineData(10, 20)]
    public void In_fifteen_seconds_the_number_doubles_or_grows_by_four(int from, int to) =>
        Assert.Equal(to, new ScalingWalk(from).Look(100));

    [Fact]
    public void Fewer_come_only_when_none_more_was_wanted_for_five_minutes()
    {
        var walk = new ScalingWalk(10);
        walk.Look(10);
        Assert.Equal(10, walk.Look(2));
        Assert.Equal("requests at once is 2 of 10, which wants 2; fewer than 10 only when none was wanted for 300 s", walk.Why);
        Assert.Equal(10, walk.Look(6, after: 100));
        Assert.Equal(10, walk.Look(2, after: 184));
        Assert.Equal(6, walk.Look(2, after: 1));
        Assert.Equal(6, walk.Look(2, after: 114));
        Assert.Equal(2, walk.Look(2, after: 1));
    }

    [Fact]
    public void At_the_first_look_nothing_is_taken_away()
    {
        var walk = new ScalingWalk(10);
        Assert.Equal(10, walk.Look(1));
        Assert.Equal(10, walk.Look(1, after: 299));
        Assert.Equal(1, walk.Look(1, after: 1));
    }

    [Fact]
    public void The_largest_wish_wins()
    {
        var walk = new ScalingWalk(4);
        Assert.Equal(6, walk.Look([new("cpu", 70, 70, 4), new("p99", 200, 300, 4), new("requests at once", 10, 2, 4)]));
        Assert.StartsWith("p99 is 300 of 200", walk.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void While_one_metric_is_missing_the_others_can_only_add()
    {
        var walk = new ScalingWalk(4, options: new ScalingOptions { DownWindow = TimeSpan.Zero });
        walk.Look(4);
        TargetSeen missing = new("cpu", 70, 0, 0);
        Assert.Equal(4, walk.Look([missing, new("p99", 200, 50, 4)]));
        Assert.Equal("no figures of cpu, so nothing is taken away", walk.Why);
        Assert.Equal(6, walk.Look([missing, new("p99", 200, 300, 4)]));
        Assert.Equal(6, walk.Look([missing]));
        Assert.Equal(6, walk.Look([]));
    }

    [Fact]
    public void Min_and_max_bound_it_and_max_says_so()
    {
        var walk = new ScalingWalk(4, new ScalingRule(3, 6));
        Assert.Equal(6, walk.Look(20));
        Assert.Equal("requests at once is 50 of 10, which wants 20; limited by max: 6 of 20", walk.Why);
        walk.Look(0, after: 300);
        Assert.Equal(3, walk.Look(0, after: 300));
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(90, 6)]
    public void A_number_out_of_bounds_is_brought_in_at_once(int replicas, int bounded) =>
        Assert.Equal(bounded, new ScalingWalk(replicas, new ScalingRule(3, 6)).Look(replicas));

    [Fact, Trait("Promise", "P21")]
    public void A_quota_limits_it_and_says_so()
    {
        var walk = new ScalingWalk(4);
        Assert.Equal(6, walk.Look(20, quota: 6));
        Assert.Equal("requests at once is 50 of 10, which wants 20; 8 are as far as it may go within 15 s; limited by quota: 6 of 20", walk.Why);
        Assert.Equal(2, walk.Look(20, quota: 2));
        Assert.Equal(0, walk.Look(20, quota: -1));
    }

    [Fact]
    public void A_number_asked_for_is_had_at_once_kept_for_its_time_and_given_up_by_the_window()
    {
        var walk = new ScalingWalk(4);
        walk.Look(4);
        walk.Ask(20);
        Assert.Equal(20, walk.Look(4, after: 0));
        Assert.Equal("requests at once is 10 of 10, which wants 4; 20 were asked for and are kept for 300 s more", walk.Why);
        Assert.Equal(20, walk.Look(4, after: 299));
        Assert.Equal(20, walk.Look(4, after: 1));
        Assert.Null(walk.State.Asked);
        Assert.Equal(20, walk.Look(4, after: 298));
        Assert.Equal(4, walk.Look(4, after: 1));
    }

    [Fact]
    public void A_number_asked_for_is_a_floor_and_no_ceiling()
    {
        var walk = new ScalingWalk(8);
        walk.Ask(2);
        Assert.Equal(8, walk.Look(8));
        Assert.Equal(12, walk.Look(12));
    }

    [Fact]
    public void A_number_asked_for_stays_within_max_and_quota()
    {
        var walk = new ScalingWalk(4, new ScalingRule(1, 10));
        walk.Ask(20);
        Assert.Equal(10, walk.Look(4));
        Assert.Equal(6, walk.Look(4, quota: 6));
        Assert.Contains("limited by quota: 6 of 10", walk.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void An_idle_service_goes_to_zero_and_a_request_wakes_it()
    {
        var walk = new ScalingWalk(3, new ScalingRule(0, 10));
        var last = walk.Now;
        Assert.Equal(3, walk.Look([], lastRequest: last));
        Assert.Equal(3, walk.Look([], after: 284, lastRequest: last));
        Assert.Equal(0, walk.Look([], after: 1, lastRequest: last));
        Assert.Equal("no request for 300 s", walk.Why);
        Assert.Equal(0, walk.Look([], lastRequest: last));
        Assert.Equal(1, walk.Look([], lastRequest: walk.Now));
        Assert.Equal("nothing runs, and 1 must", walk.Why);
    }

    [Fact]
    public void Without_idle_time_there_is_always_one()
    {
        var walk = new ScalingWalk(3, new ScalingRule(0, 10));
        walk.Look(0, after: 300);
        Assert.Equal(1, walk.Look(0, after: 300));
        Assert.Equal(1, new ScalingWalk(3, new ScalingRule(1, 10), new ScalingOptions { DownWindow = TimeSpan.Zero }).LookTwice());
    }

    [Fact]
    public void A_service_that_was_asked_for_is_not_idle()
    {
        var walk = new ScalingWalk(1, new ScalingRule(0, 10));
        var last = walk.Now;
        walk.Look([], after: 400, lastRequest: last);
        Assert.Equal(0, walk.Replicas);
        walk.Ask(2);
        Assert.Equal(2, walk.Look([], lastRequest: last));
    }

    [Fact]
    public void A_clock_set_back_takes_nothing_away_earlier_and_does_not_keep_replicas_from_being_added()
    {
        var walk = new ScalingWalk(4);
        Assert.Equal(8, walk.Look(20));
        Assert.Equal(16, walk.Look(20, after: -3600));
        Assert.Equal(20, walk.Look(20, after: 15));
        Assert.Equal(20, walk.Look(2, after: 3000));
        Assert.Equal(20, walk.Look(2, after: 884));
        Assert.Equal(2, walk.Look(2, after: 1));
    }

    [Theory]
    [InlineData(-1, 3)]
    [InlineData(0, 0)]
    [InlineData(5, 4)]
    [InlineData(1, 1001)]
    [InlineData(1001, 1001)]
    public void Bounds_that_are_none_are_refused(int min, int max) => Assert.Equal("replicas_out_of_range", new ScalingRule(min, max).FaultIn()?.Code);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(1000, 1000)]
    public void Bounds_that_are_some_are_not(int min, int max) => Assert.Null(new ScalingRule(min, max).FaultIn());
}

file static class ScalingWalks
{
    public static int LookTwice(this ScalingWalk walk)
    {
        walk.Look([], lastRequest: walk.Now.AddDays(-1));
        return walk.Look(0);
    }
}

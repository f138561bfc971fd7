using CsCheck;
using PolyClaw.Core.Services.Scaling;

namespace PolyClaw.Core.Tests.Services.Scaling;

/// <summary>Thousands of histories: loads that jump, metrics and replicas that are not there, quotas, wishes and a clock that is set.</summary>
[Trait("Promise", "P53")]
public sealed class ScalingSimulationTests
{
    private const int Histories = 1000;

    [Fact]
    public void The_number_is_always_within_bounds_and_quota_and_the_state_is_small() => Play(ScalingPlot.Any, (plot, moment, before, load, now, decision) =>
    {
        var most = Math.Min(plot.Rule.Max, Math.Max(0, moment.Quota ?? int.MaxValue));
        Assert.InRange(decision.Replicas, Math.Min(plot.Rule.Min, most), most);
        Assert.InRange(decision.State.Recommendations.Count, 1, ScalingState.MostKept);
        Assert.InRange(decision.State.Changes.Count, 0, ScalingState.MostKept);
        Assert.NotEqual("", decision.Why);
    });

    [Fact]
    public void The_same_look_gives_the_same_number() => Play(ScalingPlot.Any, (plot, moment, before, load, now, decision) =>
    {
        var again = Autoscaler.Next(before, plot.Rule, load, now, plot.Options);
        Assert.True((decision.Replicas, decision.Recommended, decision.Why) == (again.Replicas, again.Recommended, again.Why));
        Assert.True(decision.State.Recommendations.SequenceEqual(again.State.Recommendations));
        Assert.True(decision.State.Changes.SequenceEqual(again.State.Changes));
    });

    [Fact]
    public void Nothing_is_taken_away_that_was_wanted_within_the_window_whatever_the_clock_does()
    {
        ScalingPlot.Any.Sample(
            plot =>
            {
                var wanted = new List<(DateTimeOffset At, int Replicas)>();
                Play(plot, (moment, before, load, now, decision) =>
                {
                    if (wanted.Count == 0)
                        wanted.Add((now, load.Replicas));
                    wanted.RemoveAll(w => (w.At >= now ? TimeSpan.Zero : now - w.At) >= plot.Options.DownWindow); // what a clock found too old once stays so
                    wanted.Add((now, decision.Recommended));
                    var ceiling = Math.Min(plot.Rule.Max, moment.Quota ?? int.MaxValue);
                    var highest = wanted.Max(w => w.Replicas);
                    Assert.True(decision.Replicas >= Math.Min(ceiling, Math.Min(load.Replicas, highest)), "taken away too early");
                });
            },
            iter: Histories);
    }

    [Fact]
    public void Nothing_moves_faster_than_the_rate_allows() => ScalingPlot.Plain.Sample(
        plot =>
        {
            var past = new List<(DateTimeOffset At, int Replicas)>();
            Play(plot, (moment, before, load, now, decision) =>
            {
                // Where it stood when the period began: after the last change that is as old as the period.
                var begin = past.Where(p => now - p.At < plot.Options.RatePeriod).Select(p => (int?)p.Replicas).FirstOrDefault() ?? load.Replicas;
                var (least, most) = (begin * (100 - plot.Options.DownPercent) / 100, Math.Max(begin + 4, begin * 2));
                var inBounds = load.Replicas >= Math.Max(1, plot.Rule.Min);
                if (inBounds)
                    Assert.InRange(decision.Replicas, Math.Min(least, load.Replicas), Math.Max(most, load.Replicas));
                past.Add((now, load.Replicas));
            });
        },
        iter: Histories);

    [Fact]
    public void Within_the_tolerance_nothing_changes() => Gen.Select(Gen.Int[1, 100], Gen.Double[0.9, 1.1], Gen.Int[1, 400].Array[1, 20]).Sample((replicas, share, seconds) =>
    {
        var walk = new ScalingWalk(replicas);
        foreach (var second in seconds)
            Assert.Equal(replicas, walk.Look(replicas * share, second));
    });

    [Fact]
    public void A_constant_load_comes_to_rest_where_every_replica_bears_its_target() => Gen.Select(Gen.Int[1, 100], Gen.Double[0.1, 99]).Sample((replicas, load) =>
    {
        var walk = new ScalingWalk(replicas);
        for (var look = 0; look < 30; look++)
            walk.Look(load);
        var rest = walk.Replicas;
        for (var look = 0; look < 30; look++)
            Assert.Equal(rest, walk.Look(load));
        Assert.True(rest == Math.Ceiling(load) || Math.Abs(1 - (load / rest)) <= 0.1 + 1e-9, $"{load} rests at {rest}");
    });

    [Theory]
    [InlineData("window")]
    [InlineData("rate up")]
    [InlineData("rate down")]
    [InlineData("tolerance")]
    public void A_rule_that_is_broken_would_be_found(string rule)
    {
        var broken = rule switch
        {
            "window" => Find(ScalingPlot.Any, o => o with { DownWindow = o.DownWindow / 2 }),
            "rate up" => Find(ScalingPlot.Plain, o => o with { UpPercent = 200 }),
            "rate down" => Find(ScalingPlot.Plain, o => o with { DownPercent = 100 }),
            _ => Find(ScalingPlot.Plain, o => o with { Tolerance = 0 }),
        };
        Assert.True(broken > 0);
    }

    /// <summary>Looks at which other options than the stated ones led to another number, so that the histories do come to each rule.</summary>
    private static int Find(Gen<ScalingPlot> plots, Func<ScalingOptions, ScalingOptions> spoil)
    {
        var found = 0;
        plots.Sample(
            plot => Play(plot, (moment, before, load, now, decision) =>
            {
                if (Autoscaler.Next(before, plot.Rule, load, now, spoil(plot.Options)).Replicas != decision.Replicas)
                    Interlocked.Increment(ref found);
            }),
            iter: Histories / 10);
        return found;
    }

    private static void Play(Gen<ScalingPlot> plots, Action<ScalingPlot, ScalingMoment, ScalingState, ServiceLoad, DateTimeOffset, ScalingDecision> judge) =>
        plots.Sample(plot => Play(plot, (moment, before, load, now, decision) => judge(plot, moment, before, load, now, decision)), iter: Histories);

    private static void Play(ScalingPlot plot, Action<ScalingMoment, ScalingState, ServiceLoad, DateTimeOffset, ScalingDecision> judge)
    {
        var (state, replicas, now) = (ScalingState.Empty, Math.Max(1, plot.Rule.Min), ScalingWalk.Noon);
        foreach (var moment in plot.Moments)
        {
            now += TimeSpan.FromSeconds(moment.Seconds);
            if (moment.Ask is { } wish)
                state = Autoscaler.Ask(state, wish, now);
            var ready = replicas - (replicas * moment.NotReady / 10);
            var seen = new TargetSeen("load", 10, 10 * moment.Load / Math.Max(1, ready), ready * moment.Measured / 10);
            var load = new ServiceLoad(replicas, replicas - ready, [seen], now, moment.Quota);
            var decision = Autoscaler.Next(state, plot.Rule, load, now, plot.Options);
            judge(moment, state, load, now, decision);
            (state, replicas) = (decision.State, decision.Replicas);
        }
    }
}

using System.Collections.Concurrent;
using CsCheck;
using PolyClaw.Core.Services.Rollouts;

namespace PolyClaw.Core.Tests.Services.Rollouts;

/// <summary>Thousands of histories for each strategy, and rules broken on purpose that they must find.</summary>
[Trait("Promise", "P54"), Trait("Promise", "P55")]
public sealed class RolloutSimulationTests
{
    private const int Histories = 2000;

    [Fact, Trait("Promise", "P50")]
    public void Rolling_keeps_the_rules() => Simulate(RolloutPlot.Of(RolloutStrategy.Rolling));

    [Fact, Trait("Promise", "P50")]
    public void A_stateful_service_never_has_two_writers() => Simulate(RolloutPlot.Of(RolloutStrategy.Rolling, stateful: true));

    [Fact, Trait("Promise", "P51")]
    public void Blue_green_keeps_the_rules() => Simulate(RolloutPlot.Of(RolloutStrategy.BlueGreen));

    [Fact, Trait("Promise", "P52")]
    public void Canary_keeps_the_rules() => Assert.True(Simulate(RolloutPlot.Of(RolloutStrategy.Canary)) > Histories, "holds for want of requests were not met");

    [Theory]
    [InlineData("promotes on too few samples", RolloutStrategy.Canary, "too few samples")]
    [InlineData("takes missing metrics for good ones", RolloutStrategy.Canary, "Assert.NotNull")]
    [InlineData("forgets the least time", RolloutStrategy.Canary, "too early")]
    [InlineData("forgives failures", RolloutStrategy.Canary, "requests fail")]
    [InlineData("gives traffic before replicas", RolloutStrategy.Canary, "more traffic than the step allows")]
    [InlineData("never goes back", RolloutStrategy.Canary, "no end")]
    [InlineData("takes one old replica too many", RolloutStrategy.Rolling, "served, now")]
    [InlineData("starts all at once", RolloutStrategy.Rolling, "more than the surge")]
    [InlineData("leaves a new replica behind", RolloutStrategy.Rolling, "Assert.Equal")]
    [InlineData("switches too early", RolloutStrategy.BlueGreen, "served, now 0")]
    [InlineData("keeps no old set", RolloutStrategy.BlueGreen, "went too early")]
    public void A_rule_that_is_broken_is_found(string how, RolloutStrategy strategy, string found)
    {
        Assert.Contains(Findings(RolloutPlot.Of(strategy), Breaker(how)), f => f.Contains(found, StringComparison.Ordinal));
    }

    [Fact]
    public void Two_writers_are_found()
    {
        RolloutDecision Both(RolloutState state, VersionSeen stable, VersionSeen fresh, DateTimeOffset now, RolloutOptions options) =>
            Rollout.Next(state, stable with { Wanted = 0, Running = 0 }, fresh, now, options);
        Assert.Contains(Findings(RolloutPlot.Of(RolloutStrategy.Rolling, stateful: true), Both), f => f.Contains("a new writer beside an old one", StringComparison.Ordinal));
    }

    private static int Simulate(Gen<RolloutPlot> plots)
    {
        var holds = 0;
        plots.Sample(plot => Interlocked.Add(ref holds, RolloutSimulation.Run(plot, Rollout.Next).Holds), iter: Histories);
        return holds;
    }

    private static ConcurrentBag<string> Findings(Gen<RolloutPlot> plots, Decider decide)
    {
        var findings = new ConcurrentBag<string>();
        plots.Sample(
            plot =>
            {
                if (Record.Exception(() => RolloutSimulation.Run(plot, decide)) is { } found)
                    findings.Add(found.ToString());
            },
            iter: Histories / 20);
        return findings;
    }

    private static Decider Breaker(string how) => how switch
    {
        "promotes on too few samples" => (state, stable, fresh, now, options) => Rollout.Next(state, stable, fresh, now, options with { LeastSamples = 1 }),
        "takes missing metrics for good ones" => (state, stable, fresh, now, options) =>
            Rollout.Next(state, stable, fresh with { Requests = fresh.Requests ?? new RequestWindow(1000, 0, TimeSpan.Zero) }, now, options),
        "forgets the least time" => (state, stable, fresh, now, options) => Rollout.Next(state, stable, fresh, now, options with { LeastStepTime = TimeSpan.Zero }),
        "forgives failures" => (state, stable, fresh, now, options) => Rollout.Next(state, stable, fresh, now, options with { LeastSuccess = 0 }),
        "gives traffic before replicas" => (state, stable, fresh, now, options) => Spoil(Rollout.Next(state, stable, fresh, now, options), d =>
            d with { NewWeight = d.NewWeight is > 0 and < 100 ? d.NewWeight + 1 : d.NewWeight }),
        "never goes back" => (state, stable, fresh, now, options) =>
            Rollout.Next(state, stable, fresh with { Broken = false }, now, options with { BadLooks = int.MaxValue, ProgressDeadline = TimeSpan.MaxValue }),
        "takes one old replica too many" => (state, stable, fresh, now, options) => Spoil(Rollout.Next(state, stable, fresh, now, options), d =>
            d with { StableReplicas = d.NewReplicas > 0 ? Math.Max(Math.Min(1, d.StableReplicas), d.StableReplicas - 1) : d.StableReplicas }),
        "starts all at once" => (state, stable, fresh, now, options) => Rollout.Next(state, stable, fresh, now, options with { SurgePercent = 100 }),
        "leaves a new replica behind" => (state, stable, fresh, now, options) => Rollout.Next(state, stable, fresh with { Running = 0, Wanted = 0 }, now, options),
        "switches too early" => (state, stable, fresh, now, options) => Spoil(Rollout.Next(state, stable, fresh, now, options), d =>
            d with { NewWeight = d.NewReplicas > 0 ? 100 : 0 }),
        "keeps no old set" => (state, stable, fresh, now, options) => Rollout.Next(state, stable, fresh, now, options with { KeepOld = TimeSpan.Zero }),
        _ => throw new ArgumentOutOfRangeException(nameof(how)),
    };

    private static RolloutDecision Spoil(RolloutDecision decision, Func<Desired, Desired> change)
    {
        var desired = change(decision.Desired);
        return decision with { Desired = desired, State = decision.State with { Desired = desired } };
    }
}

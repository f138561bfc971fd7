using PolyClaw.Core.Goals;
using PolyClaw.Core.Services.Rollouts;

namespace PolyClaw.Core.Tests.Services.Rollouts;

/// <summary>Who decides in a simulation: the product, or one that breaks a rule on purpose.</summary>
internal delegate RolloutDecision Decider(RolloutState state, VersionSeen stable, VersionSeen fresh, DateTimeOffset now, RolloutOptions options);

/// <summary>
/// A reconciler in a world of its own, a second a tick: replicas start slowly, die, flap and crash-loop, metrics go missing, are bad or
/// come late, the clock steps forwards and back, and the reconciler crashes before and after it has journaled. Every decision is judged.
/// </summary>
internal sealed class RolloutSimulation
{
    private const int FairTicks = 900;
    private const int FairTraffic = 60;

    private readonly RolloutPlot _plot;
    private readonly Decider _decide;
    private readonly Random _chance;
    private readonly FakeVersion _stable;
    private readonly FakeVersion _fresh;
    private DateTimeOffset _now = RolloutWalk.Noon;
    private string _journal;
    private Desired _applied;

    private RolloutSimulation(RolloutPlot plot, Decider decide)
    {
        (_plot, _decide, _chance) = (plot, decide, new Random(plot.Seed));
        (_stable, _fresh) = (new FakeVersion(Quality.Good, _chance), new FakeVersion(plot.Quality, _chance));
        _stable.Stand(plot.Order.StableReplicas);
        _applied = new Desired(plot.Order.StableReplicas, 0, 0);
        State = Rollout.Start(plot.Order, Options, _now);
        _journal = RolloutJournal.Write(State);
    }

    public static RolloutOptions Options { get; } = new()
    {
        ProgressDeadline = TimeSpan.FromSeconds(40),
        LeastSamples = 20,
        LeastStepTime = TimeSpan.FromSeconds(5),
        KeepOld = TimeSpan.FromSeconds(10),
    };

    public RolloutState State { get; private set; }

    public int Lost { get; private set; }

    public int Holds { get; private set; }

    /// <summary>Plays a history to its end.</summary>
    /// <exception cref="Xunit.Sdk.XunitException">A rule was broken, or there was no end.</exception>
    public static RolloutSimulation Run(RolloutPlot plot, Decider decide)
    {
        var simulation = new RolloutSimulation(plot, decide);
        for (var tick = 0; !simulation.State.Phase.IsTerminal(); tick++)
        {
            if (tick >= plot.FaultyTicks + FairTicks)
                Assert.Fail($"no end: {simulation.State}");
            simulation.Tick(tick, tick < plot.FaultyTicks);
        }

        simulation.JudgeEnd();
        return simulation;
    }

    private void Tick(int tick, bool faulty)
    {
        _now += TimeSpan.FromSeconds(1 + (faulty && _chance.Next(50) == 0 ? _chance.Next(-90, 90) : 0));
        _stable.Live(tick, faulty);
        _fresh.Live(tick, faulty);
        if (_plot.Order.IsStopFirst)
            Assert.False(_stable.Running > 0 && _fresh.Running > 0, "two writers");
        Serve(tick, faulty);
        if (tick == _plot.CancelAt)
            Keep(Rollout.Cancel(State, new Fault("cancelled", "somebody did"), _now));

        var (stable, fresh) = (_stable.Look(tick, faulty), _fresh.Look(tick, faulty));
        var decision = _decide(State, stable, fresh, _now, Options);
        Assert.True(decision == _decide(State, stable, fresh, _now, Options), "the same look led to another decision");
        new RolloutRules(State, stable, fresh, _now, Options, decision, _fresh.Answered.Count).Judge();
        Holds += decision.Hold?.EndsWith("requests", StringComparison.Ordinal) == true ? 1 : 0;
        Carry(decision, faulty ? _chance.Next(60) : 2);
    }

    private void Serve(int tick, bool faulty)
    {
        var requests = faulty ? _plot.Traffic : FairTraffic;
        var toFresh = ((requests * _applied.NewWeight) + _chance.Next(100)) / 100;
        Lost += _stable.Serve(tick, requests - toFresh, faulty) + _fresh.Serve(tick, toFresh, faulty);
    }

    /// <summary>Journals and applies, unless a crash comes first, or between the two.</summary>
    private void Carry(RolloutDecision decision, int crash)
    {
        if (crash == 0)
        {
            State = RolloutJournal.Read(_journal);
            return;
        }

        Keep(decision.State);
        if (crash == 1)
        {
            State = RolloutJournal.Read(_journal);
            return;
        }

        _applied = decision.Desired;
        _stable.Tell(_applied.StableReplicas);
        _fresh.Tell(_applied.NewReplicas);
    }

    private void Keep(RolloutState state)
    {
        if (state == State)
            return;
        if ((state.StageBegan, state.Phase, state.Step, state.Weight) != (State.StageBegan, State.Phase, State.Step, State.Weight))
        {
            _stable.BeginStage();
            _fresh.BeginStage();
        }

        State = state;
        _journal = RolloutJournal.Write(state);
    }

    private void JudgeEnd()
    {
        var succeeded = State.Phase == RolloutPhase.Succeeded;
        Assert.False(succeeded && _plot.Quality is Quality.NeverHealthy, "a version that never lived succeeded");
        if (_plot is { FaultyTicks: 0, CancelAt: null })
        {
            var judged = _plot.Order is { Strategy: RolloutStrategy.Canary, IsAlone: false };
            var good = _plot.Quality == Quality.Good || (_plot.Quality is Quality.Fails or Quality.Slow && !judged);
            if (_plot.Quality != Quality.CrashLoops)
                Assert.Equal(good, succeeded);
        }

        if (_plot is { FaultyTicks: 0, Order: { IsAlone: false, IsStopFirst: false }, Quality: not Quality.CrashLoops })
            Assert.Equal(0, Lost);
        if (!succeeded)
            Assert.Equal(_plot.Order.StableReplicas, _stable.Wanted);
        else
            Assert.Equal(0, _stable.Running);
    }
}

using PolyClaw.Core.Services.Rollouts;

namespace PolyClaw.Core.Tests.Services.Rollouts;

/// <summary>What no decision may do, said a second time and without a look at how the product says it.</summary>
internal sealed class RolloutRules(
    RolloutState before, VersionSeen stable, VersionSeen fresh, DateTimeOffset now, RolloutOptions options, RolloutDecision decision, long reallyAnswered)
{
    private readonly RolloutOrder _order = before.Order;
    private readonly Desired _had = before.Desired;
    private readonly Desired _has = decision.Desired;
    private readonly RolloutState _after = decision.State;

    private bool GivingUp => _after.Phase is RolloutPhase.RollingBack or RolloutPhase.RolledBack;

    private TimeSpan InStage => now > before.StageBegan ? now - before.StageBegan : TimeSpan.Zero;

    public void Judge()
    {
        Assert.InRange(_has.NewWeight, 0, 100);
        Assert.InRange(_has.StableReplicas, 0, _order.StableReplicas);
        Assert.InRange(_has.NewReplicas, 0, _order.Replicas);
        if (_order.IsStopFirst)
            OneWriter();
        else if (!_order.IsAlone)
            NobodyIsMissed();
        OnlyTheHealthyServe();
        if (_order.Strategy == RolloutStrategy.Rolling)
            TheSurgeIsKept();
        if (_order is { Strategy: RolloutStrategy.BlueGreen, IsAlone: false })
            OnlyAWholeSetIsSwitchedTo();
        if (_order is { Strategy: RolloutStrategy.Canary, IsAlone: false })
            OnlyWhatIsProvedIsPromoted();
        TheEndIsClean();
    }

    private int Serving(Desired wanted) =>
        (wanted.NewWeight < 100 ? Math.Min(stable.Healthy, wanted.StableReplicas) : 0)
        + (wanted.NewWeight > 0 ? Math.Min(fresh.Healthy, wanted.NewReplicas) : 0);

    private void OneWriter()
    {
        Assert.False(_has.StableReplicas > 0 && _has.NewReplicas > 0, "two writers wanted");
        if (_has.NewReplicas > _had.NewReplicas)
            Assert.True(stable is { Running: 0, Wanted: 0 }, "a new writer beside an old one");
        if (_has.StableReplicas > _had.StableReplicas)
            Assert.True(fresh is { Running: 0, Wanted: 0 }, "an old writer beside a new one");
    }

    /// <summary>No decision takes healthy replicas out of the traffic while fewer than wanted would be left.</summary>
    private void NobodyIsMissed()
    {
        var wasWhole = _had.StableReplicas == _order.StableReplicas;
        var least = (GivingUp, wasWhole) switch
        {
            (true, true) => stable.Healthy > 0 ? Math.Min(stable.Healthy, _order.StableReplicas) : fresh.Healthy,
            (true, false) when before.Phase == RolloutPhase.RestoringOld && InStage > options.ProgressDeadline => 1,
            (true, false) => Math.Min(_order.StableReplicas, _order.Replicas),
            _ when _after.Phase == RolloutPhase.RestoringOld => Math.Min(_order.StableReplicas, _order.Replicas),
            _ => _order.Replicas,
        };
        if (Serving(_has) < Math.Min(least, Serving(_had)))
            Assert.Fail($"{Serving(_had)} served, now {Serving(_has)}");
        if (_had.NewWeight > 0)
            Assert.True(_has.NewReplicas >= Math.Min(_had.NewReplicas, fresh.Healthy), "a new replica goes before its traffic");
        if (_had.NewWeight < 100)
            Assert.True(_has.StableReplicas > 0, "the last old replica goes before its traffic");
    }

    private void OnlyTheHealthyServe()
    {
        var (old, young) = (Math.Min(stable.Healthy, _has.StableReplicas), Math.Min(fresh.Healthy, _has.NewReplicas));
        Assert.True(_has.NewWeight == 0 || young > 0 || old == 0, "traffic for a new version without a healthy replica");
        Assert.True(_has.NewWeight == 100 || old > 0 || young == 0 || (_order.IsAlone && GivingUp), "traffic for an old version without a healthy replica");
    }

    private void TheSurgeIsKept()
    {
        if (_after.Phase != RolloutPhase.Progressing || _order.IsAlone)
            return;
        var surge = Math.Max(1, (_order.Replicas + 3) / 4);
        Assert.True(_has.StableReplicas + _has.NewReplicas <= Math.Max(_order.Replicas, _order.StableReplicas) + surge, "more than the surge");
        Assert.True(_has.NewReplicas >= _had.NewReplicas || _order.IsStopFirst, "a new replica lost its place");
    }

    private void OnlyAWholeSetIsSwitchedTo()
    {
        if (before.Phase == RolloutPhase.Progressing && _after.Phase == RolloutPhase.KeepingOld)
            Assert.True(fresh.Healthy >= _order.Replicas, "a set that is not whole was switched to");
        if (_after.Phase == RolloutPhase.Promoting && before.Phase == RolloutPhase.KeepingOld)
            Assert.True(InStage >= options.KeepOld && fresh.Healthy >= _order.Replicas, "the old set went too early");
        if (before.Phase == RolloutPhase.KeepingOld && stable.Healthy > 0 && (fresh.Broken || (fresh.Healthy < _order.Replicas && stable.Healthy > fresh.Healthy)))
            Assert.Equal(0, _has.NewWeight);
    }

    private void OnlyWhatIsProvedIsPromoted()
    {
        var passed = before.Phase == RolloutPhase.Progressing && (_after.Phase == RolloutPhase.KeepingOld || _after.Step > before.Step);
        if (before.Phase == RolloutPhase.Progressing && _after.Phase == RolloutPhase.Progressing)
        {
            Assert.Equal(_order.StableReplicas, _has.StableReplicas);
            Assert.True(_after.Weight <= _after.Step);
            var standsIn = before.Weight == 0 && _had.NewWeight == 100 && stable.Healthy < fresh.Healthy;
            if (stable.Healthy > 0 && !standsIn)
                Assert.True(_has.NewWeight <= _after.Step, "more traffic than the step allows");
            if (_after.Weight > before.Weight)
                Assert.True(fresh.Healthy >= ReplicasFor(_after.Weight), "traffic before its replicas");
        }

        if (!passed)
            return;
        Assert.NotNull(fresh.Requests);
        Assert.True(fresh.Requests.Count >= options.LeastSamples, "promoted on too few samples");
        Assert.True(reallyAnswered >= options.LeastSamples, "promoted on samples of another stage");
        Assert.True(fresh.Requests.Failures <= fresh.Requests.Count * (1 - options.LeastSuccess) + 1e-9, "promoted though requests fail");
        Assert.True(fresh.Requests.P99 <= TimeSpan.FromMilliseconds(500), "promoted though it is slow");
        Assert.True(fresh.Healthy >= ReplicasFor(before.Step), "promoted though replicas are ill");
        Assert.True(InStage >= options.LeastStepTime, "promoted too early");
        Assert.Equal(before.Step, before.Weight);
        if (_after.Phase == RolloutPhase.Progressing)
            Assert.Equal(new[] { 5, 10, 25, 50, 100 }.First(s => s > before.Step), _after.Step);
        else
            Assert.Equal(100, before.Step);
    }

    private int ReplicasFor(int weight) => Math.Max(1, ((_order.Replicas * weight) + 99) / 100);

    /// <summary>At the end the world was told all there is to tell, so nothing hangs on what a crash may lose.</summary>
    private void TheEndIsClean()
    {
        if (before.Phase == _after.Phase)
            return;
        if (_after.Phase == RolloutPhase.RolledBack)
        {
            Assert.Equal(new Desired(_order.StableReplicas, 0, 0), _has);
            Assert.Equal((0, 0, _order.StableReplicas), (fresh.Running, fresh.Wanted, stable.Wanted));
            Assert.NotNull(_after.Reason);
            Assert.True(stable.Healthy >= _order.StableReplicas || stable.Broken || InStage > options.ProgressDeadline, "ended before the old version is whole");
        }

        if (_after.Phase == RolloutPhase.Succeeded)
        {
            Assert.Equal(new Desired(0, _order.Replicas, 100), _has);
            Assert.Equal((0, 0, _order.Replicas), (stable.Running, stable.Wanted, fresh.Wanted));
        }
    }
}

using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Services.Rollouts;

namespace PolyClaw.Core.Services.Control;

// Versions that come, go, and change places.
internal sealed partial class ServiceLoop
{
    // Why a replica of a version was last not started; one that is tried again and again has no replica to say it.
    private readonly Dictionary<int, Fault?> _unstarted = [];
    private string? _waits;

    /// <summary>What the exchange of versions waits for, for a person.</summary>
    public string? Waits => Volatile.Read(ref _waits);

    /// <summary>Begins to bring up a version, unless the same step has begun it already.</summary>
    /// <param name="grant">The right to run it.</param>
    /// <param name="held">The quota that is held for it; kept from here on.</param>
    /// <param name="order">How; the versions before are filled in here.</param>
    /// <param name="key">The step's idempotency key.</param>
    /// <param name="run">Its run.</param>
    /// <returns>Why not; nothing when it has begun.</returns>
    public Task<Fault?> RollAsync(ServiceGrant grant, Reservation held, RolloutOrder order, string key, RunId? run) => OnLoopAsync<Fault?>(async () =>
    {
        if (_record.RolloutKey == key && _record.Rollout?.Order.NewVersion == grant.Version)
            return null;
        if (_deleting)
            return BeingDeleted();
        if (_record.IsRolling)
            return new Fault("rollout_under_way", $"version {_record.Rollout!.Order.NewVersion} of {Name} is being brought up", "/name", "wait until it has ended, or cancel its run");
        var before = _record.Version(_record.Stable);
        order = order with { StableVersion = before?.Number, StableReplicas = before?.Replicas ?? 0 };
        if (order.FaultIn() is { } wrong)
            return wrong;
        var now = _world.Clock.GetUtcNow();
        // One that ran before stays its maker's: what that step did is undone by its own key.
        var version = _record.Version(grant.Version) is { } known
            ? known with { Replicas = 0, Error = null }
            : new VersionRecord(grant.Version, grant.ToRecord(), key, run, 0, now, Before: before?.Number, ReplicasBefore: before?.Replicas ?? 0);
        var others = _record.Versions.Where(v => v.Number != grant.Version).ToList();
        while (others.Count >= ServiceRecord.MostVersions && others.Find(v => v.Number != _record.Stable) is { } oldest)
            others.Remove(oldest);
        await KeepAsync(
            _record with { Versions = [.. others.Append(version).OrderBy(v => v.Number)], Rollout = Rollout.Start(order, _world.Options.Rollouts, now), RolloutKey = key },
            $"version {grant.Version} is brought up: {order.Replicas} replicas of {grant.Spec.Image}, {Wire.Name(order.Strategy)}");
        _grants[grant.Version] = grant;
        _world.Ledger.Keep(held);
        _losses.Remove(grant.Version);
        _cannot.Remove(grant.Version);
        return null;
    });

    private Fault BeingDeleted() => new("being_deleted", $"{Name} is being deleted", "/name", "wait until it is gone, then deploy it anew");

    /// <summary>Gives up a version that is being brought up; nothing happens when it is not.</summary>
    public Task GiveUpAsync(int version, Fault why) => OnLoopAsync(async () =>
    {
        if (_record is { IsRolling: true, Rollout: { } rollout } && rollout.Order.NewVersion == version && rollout.Phase.IsForward())
            await KeepAsync(_record with { Rollout = Rollout.Cancel(rollout, why, _world.Clock.GetUtcNow()) }, $"version {version} is given up: {why.Message}");
        return true;
    });

    private async Task RollAsync(Seen seen)
    {
        var rollout = _record.Rollout!;
        var order = rollout.Order;
        var decision = Rollout.Next(
            rollout,
            order.StableVersion is { } old ? LookAt(old, rollout, seen) : VersionSeen.None,
            LookAt(order.NewVersion, rollout, seen),
            seen.Now,
            _world.Options.Rollouts);
        Volatile.Write(ref _waits, decision.Hold);
        if (decision.State == rollout)
            return;
        var next = _record with { Rollout = decision.State };
        next = With(next, order.NewVersion, v => v with { Replicas = decision.Desired.NewReplicas });
        if (order.StableVersion is { } stable)
            next = With(next, stable, v => v with { Replicas = decision.Desired.StableReplicas });
        if (decision.State.Phase == RolloutPhase.Succeeded)
            next = next with { Stable = order.NewVersion };
        if (decision.State.Phase == RolloutPhase.RolledBack)
            next = With(next, order.NewVersion, v => v with { Error = decision.State.Reason });
        await KeepAsync(next, RolloutText.Of(rollout, decision));
        if (decision.State.Phase.IsTerminal())
            await EndRolloutAsync(decision.State);
    }

    private async Task EndRolloutAsync(RolloutState ended)
    {
        Volatile.Write(ref _waits, null);
        var (order, won) = (ended.Order, ended.Phase == RolloutPhase.Succeeded);
        var loser = won ? order.StableVersion : order.NewVersion;
        if (loser is { } gone && _grants.TryGetValue(gone, out var grant))
            _world.Gate.TryHold(grant, 0, bearsService: false);
        if (_record.Stable > 0)
            _world.Gate.TryHold(_grants[_record.Stable], _record.Version(_record.Stable)!.Replicas, bearsService: true);
        if (won)
            Tell("deployed", order.NewVersion, $"version {order.NewVersion} of {Name} serves with {order.Replicas} replicas");
        else
            Tell("rolled_back", order.NewVersion, ServiceFaults.GivenUp(Name, order.NewVersion, order.StableVersion, ended.Reason!).Message);
        if (_record.Stable == 0)
            await EndAsync();
    }

    // Nobody may take a version for gone because its engine does not answer.
    private bool IsUnknown(int version) => _grants.TryGetValue(version, out var grant) && !_world.Workloads.IsKnown(grant.Spec.Location);

    // What one version looks like to the rules of rollouts.
    private VersionSeen LookAt(int version, RolloutState rollout, Seen seen)
    {
        var stage = seen.Now > rollout.StageBegan ? seen.Now - rollout.StageBegan : TimeSpan.Zero;
        var requests = _world.Traffic.Requests(Tenant, Name, version, stage);
        var broken = IsBroken(version, seen);
        return new VersionSeen(
            _record.Version(version)?.Replicas ?? 0, Math.Max(seen.Running(version), IsUnknown(version) ? 1 : 0), seen.Healthy(version), broken, broken ? _losses[version].Last : seen.WhyIll(version) ?? _unstarted.GetValueOrDefault(version),
            new RequestWindow(requests.Count, requests.Failures, requests.P99));
    }
}

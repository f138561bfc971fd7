using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Services.Scaling;

namespace PolyClaw.Core.Services.Control;

// How many replicas the version that serves has.
internal sealed partial class ServiceLoop
{
    private const int LoadSeconds = 10;

    private readonly Queue<double> _inFlight = new();
    private readonly DateTimeOffset _madeAt;
    private ScalingState _scaling;
    private string? _why;

    /// <summary>Why the number of replicas is what it is.</summary>
    public string? Why => Volatile.Read(ref _why);

    /// <summary>Takes in what a step wants of the number of replicas.</summary>
    /// <returns>Why not; nothing when it is so from now on.</returns>
    public Task<Fault?> ScaleAsync(PlanAction.Autoscale wish, string key) => OnLoopAsync<Fault?>(async () =>
    {
        if (_record.LastScale?.Key == key)
            return null;
        if (_deleting)
            return BeingDeleted();
        if (_record.Version(_record.Stable) is not { } stable)
            return new Fault("nothing_serves", $"{Name} has no version that serves yet", "/name", "wait until its deployment has ended");
        var now = _world.Clock.GetUtcNow();
        var before = _record.Scaling;
        var followsLoad = before is not null || wish.Min is not null || wish.Max is not null || wish.Target is not null;
        var scaling = followsLoad ? Follow(wish, before, stable.Replicas, now) : null;
        if (scaling?.Rule.FaultIn() is { } wrong)
            return wrong;
        var next = _record with { Scaling = scaling, LastScale = new ScaleStep(key, stable.Replicas, before) };
        if (!followsLoad)
        {
            var to = wish.To!.Value;
            if (!_world.Gate.TryHold(_grants[stable.Number], to, bearsService: true))
                return new Fault("quota", $"{to} replicas do not fit the tenant's quota any more", "/to", $"to ≤ {stable.Replicas + _world.Gate.RoomFor(_grants[stable.Number])} fits");
            next = With(next, stable.Number, v => v with { Replicas = to });
        }

        var asked = wish.To is { } number ? $"; {number} are asked for" : "";
        await KeepOrHoldAsync(stable, next, scaling is null ? $"{wish.To} replicas" : $"replicas follow the load, {scaling.Rule.Min} to {scaling.Rule.Max}{asked}");
        _cannot.Remove(stable.Number);
        _losses.Remove(stable.Number);
        if (followsLoad && wish.To is { } wanted)
            _scaling = Autoscaler.Ask(_scaling, wanted, now);
        return null;
    });

    /// <summary>Takes back what a step said about the number of replicas, if nobody has said anything since.</summary>
    public Task<bool> UnscaleAsync(string key) => OnLoopAsync(async () =>
    {
        if (_record.LastScale is not { } last || last.Key != key || _record.Version(_record.Stable) is not { } stable)
            return false;
        var next = With(_record with { Scaling = last.Before, LastScale = null }, stable.Number, v => v with { Replicas = last.ReplicasBefore });
        if (!_world.Gate.TryHold(_grants[stable.Number], last.ReplicasBefore, bearsService: true))
            return false;
        await KeepOrHoldAsync(stable, next, $"back to {last.ReplicasBefore} replicas");
        _scaling = ScalingState.Empty with { Asked = last.Before?.Asked };
        return true;
    });

    private static ScalingRecord Follow(PlanAction.Autoscale wish, ScalingRecord? before, int present, DateTimeOffset now)
    {
        var min = wish.Min ?? before?.Rule.Min ?? Math.Min(1, present);
        var max = wish.Max ?? Math.Max(before?.Rule.Max ?? present, wish.To ?? 0);
        return new ScalingRecord(
            new ScalingRule(min, Math.Max(1, max)), wish.Target is { IsEmpty: false } target ? target : before?.Target,
            wish.To is { } to ? new AskedReplicas(now, to) : before?.Asked);
    }

    private async Task ScaleByLoadAsync(Seen seen)
    {
        Sample();
        if (_deleting || _record.Scaling is not { } scaling || _record.Version(_record.Stable) is not { } stable)
            return;
        var grant = _grants[stable.Number];
        var load = new ServiceLoad(
            stable.Replicas, Math.Max(0, stable.Replicas - seen.Healthy(stable.Number)), [.. Targets(scaling.Target, stable, seen)],
            LastUse(seen.Now), stable.Replicas + _world.Gate.RoomFor(grant));
        var decision = Autoscaler.Next(_scaling, scaling.Rule, load, seen.Now, _world.Options.Scaling);
        Volatile.Write(ref _why, decision.Why);
        if (decision.Replicas != stable.Replicas)
        {
            if (!_world.Gate.TryHold(grant, decision.Replicas, bearsService: true))
                return;
            await KeepOrHoldAsync(stable, With(stable.Number, v => v with { Replicas = decision.Replicas }), $"{decision.Replicas} replicas instead of {stable.Replicas}: {decision.Why}");
            Tell("scaled", stable.Number, $"{Name} has {decision.Replicas} replicas instead of {stable.Replicas}: {decision.Why}");
        }

        _scaling = decision.State;
    }

    /// <summary>Writes a new number down; what cannot be written holds as much quota as before.</summary>
    private async Task KeepOrHoldAsync(VersionRecord before, ServiceRecord record, string text)
    {
        try
        {
            await KeepAsync(record, text);
        }
        catch
        {
            _world.Gate.TryHold(_grants[before.Number], before.Replicas, bearsService: true);
            throw;
        }
    }

    /// <summary>A request came to a service that sleeps: it is in use as of now.</summary>
    public void Want()
    {
        Volatile.Write(ref _wantedAt, _world.Clock.GetUtcNow().UtcTicks);
        Wake();
    }

    private long _wantedAt;

    private DateTimeOffset LastUse(DateTimeOffset now)
    {
        var last = _madeAt;
        if (_world.Traffic.LastRequest(Tenant, Name) is { } request && request > last)
            last = request;
        if (Volatile.Read(ref _wantedAt) is > 0 and var ticks && new DateTimeOffset(ticks, TimeSpan.Zero) is var wanted && wanted > last)
            last = wanted;
        return _inFlight.Count > 0 && _inFlight.Last() > 0 ? now : last;
    }

    private void Sample()
    {
        _inFlight.Enqueue(_world.Workloads.List().Where(r => r.Id.Tenant == Tenant && r.Id.Service == Name).Sum(r => _world.Traffic.InFlight(r.Id)));
        while (_inFlight.Count > LoadSeconds)
            _inFlight.Dequeue();
    }

    private IEnumerable<TargetSeen> Targets(ScalingTargets? target, VersionRecord stable, Seen seen)
    {
        var healthy = seen.Healthy(stable.Number);
        if (target?.Concurrency is { } concurrency)
            yield return new TargetSeen("requests under way", concurrency, healthy == 0 ? 0 : _inFlight.Average() / healthy, healthy);
        if (target?.LatencyMs is { } latency)
        {
            var figures = _world.Traffic.Requests(Tenant, Name, stable.Number, TimeSpan.FromSeconds(LoadSeconds));
            yield return new TargetSeen("p95 in ms", latency, figures.P95.TotalMilliseconds, figures.Count > 0 ? healthy : 0);
        }

        if (target?.Cpu is { } cpu)
        {
            var measured = seen.Well(stable.Number).Select(r => _world.Workloads.CpuPercentOf(r.Id)).OfType<double>().ToList();
            yield return new TargetSeen("% of the CPU limit", cpu, measured.Count == 0 ? 0 : measured.Average(), measured.Count);
        }
    }
}

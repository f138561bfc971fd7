using Microsoft.Extensions.Logging;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Services.Scaling;

namespace PolyClaw.Core.Services.Control;

// The world brought to what the record says: replicas that are missing, then the routes, then what is too much.
internal sealed partial class ServiceLoop
{
    private const int MakingAtOnce = 8;
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    private readonly HashSet<ReplicaId> _making = [];
    private readonly HashSet<ReplicaId> _going = [];
    private readonly Dictionary<ReplicaId, Task> _effects = [];
    private readonly Dictionary<int, Losses> _losses = [];
    private readonly HashSet<int> _told = [];
    private readonly Dictionary<int, DateTimeOffset> _cannot = [];
    private bool _deleting;
    private int _pausing;
    private bool _removingVolume;
    private bool _volumeGone;

    /// <summary>Removes the service: first its traffic, then its replicas.</summary>
    public Task DeleteAsync() => OnLoopAsync(async () =>
    {
        if (!_record.Deleting)
            await KeepAsync(_record with { Versions = [.. _record.Versions.Select(v => v with { Replicas = 0 })], Rollout = null, Scaling = null, Deleting = true }, "it is being deleted");
        _deleting = true;
        return true;
    });

    private Seen See() => new(
        _world.Clock.GetUtcNow(),
        [.. _world.Workloads.List().Where(r => r.Id.Tenant == Tenant && r.Id.Service == Name)],
        _making, _going);

    private async Task BringAboutAsync(Seen seen)
    {
        foreach (var version in _record.Versions)
            Supervise(version, seen);
        foreach (var version in _record.Versions)
            AddMissing(version, seen);
        // Nothing is taken away from under routes that are still in force.
        if (Publish(seen))
            TakeAwaySurplus(seen);
        if (_deleting && seen.Replicas.Count == 0 && _making.Count == 0 && _going.Count == 0)
            await EndAsync();
    }

    /// <summary>Replicas whose process ended, or that are ill for too long, make room for others.</summary>
    private void Supervise(VersionRecord version, Seen seen)
    {
        foreach (var replica in seen.Replicas.Where(r => r.Id.Version == version.Number && !_going.Contains(r.Id)).ToList())
        {
            var ill = !_record.IsRolling && replica.State is ReplicaState.Starting or ReplicaState.Unhealthy && seen.Now.Since(replica.Since) >= _world.Options.ReplaceAfter;
            if (replica.State is not ReplicaState.Stopped && !ill)
                continue;
            if (version.Replicas > 0)
            {
                // The engine has started it again by itself so many times before it gave up.
                Lost(version.Number, replica.Error, seen.Now, times: 1 + replica.Restarts);
                if (version.Number == _record.Stable)
                    Tell("replaced", version.Number, $"replica {replica.Id.Number} of {Name} v{version.Number} is replaced: {replica.Error?.Message ?? Wire.Name(replica.State)}");
            }

            Retire(replica.Id, drain: false);
        }
    }

    private void Lost(int version, Fault? why, DateTimeOffset now, int times = 1)
    {
        if (!_losses.TryGetValue(version, out var losses))
            _losses[version] = losses = new Losses(_world.Options.MostLosses);
        for (var i = 0; i < Math.Min(times, _world.Options.MostLosses); i++)
            losses.Add(why, now);
        if (!losses.IsLoop(now, ReplicasOf(version)) || _record.IsRolling || !_told.Add(version))
            return;
        Tell("crash_loop", version, $"{Name} v{version} lost its replicas {_world.Options.MostLosses} times within ten minutes, so no more are made for a while: {losses.Last?.Message}");
    }

    /// <summary>Whether no more replicas of a version are made: they die as fast as they come, or cannot be started at all.</summary>
    private bool IsBroken(int version, Seen seen)
    {
        // What could not be started at all is tried again after a while where it serves: its image may be back.
        var broken = (_cannot.TryGetValue(version, out var since) && (_record.IsRolling || seen.Now.Since(since) < _world.Options.ReplaceAfter))
            || (_losses.TryGetValue(version, out var losses) && losses.IsLoop(seen.Now, ReplicasOf(version)));
        if (!broken)
            _told.Remove(version);
        return broken;
    }

    private int ReplicasOf(int version) => Math.Max(1, _record.Version(version)?.Replicas ?? 1);

    private void AddMissing(VersionRecord version, Seen seen)
    {
        if (version.Replicas == 0 || !_grants.TryGetValue(version.Number, out var grant) || IsBroken(version.Number, seen))
            return;
        if (_losses.TryGetValue(version.Number, out var losses) && !losses.MayReplace(seen.Now, version.Replicas))
            return;
        var there = seen.Replicas.Select(r => r.Id).Where(id => id.Version == version.Number && !_going.Contains(id)).Concat(_making.Where(id => id.Version == version.Number)).ToHashSet();
        var busy = there.Concat(_going).ToHashSet();
        for (var number = 1; there.Count < version.Replicas && _making.Count < MakingAtOnce; number++)
        {
            var id = new ReplicaId(Tenant, Name, version.Number, number);
            if (!busy.Contains(id))
            {
                there.Add(id);
                Make(id, SpecOf(grant));
            }
        }
    }

    private void Make(ReplicaId id, ReplicaSpec spec)
    {
        _making.Add(id);
        Begin(id, async token =>
        {
            var fault = await _world.Workloads.StartAsync(id, spec, token);
            if (fault is not null)
                LogNotStarted(_world.Log, id.ToString(), fault.Error.ToString());
            if (fault is { Transient: true })
                await PauseAsync(Again, token);
            Post(() =>
            {
                _making.Remove(id);
                _unstarted[id.Version] = fault?.Error;
                if (fault is not { Transient: false })
                    return;
                Lost(id.Version, fault.Error, _world.Clock.GetUtcNow());
                _cannot[id.Version] = _world.Clock.GetUtcNow();
                if (!_record.IsRolling && _told.Add(id.Version))
                    Tell("crash_loop", id.Version, $"{Name} v{id.Version} cannot be started, and is tried again in a while: {fault.Error.Message}");
            });
        });
    }

    /// <summary>Takes a replica away: out of the routes at once, and of the world once its requests have ended.</summary>
    private void Retire(ReplicaId id, bool drain)
    {
        if (!_going.Add(id))
            return;
        Begin(id, async token =>
        {
            if (drain)
                await DrainAsync(id, token);
            while (await _world.Workloads.RemoveAsync(id, _world.Options.Grace, token) is { } left)
            {
                LogNotRemoved(_world.Log, id.ToString(), left.Error.ToString());
                await PauseAsync(Again, token);
            }

            _world.Traffic.Forget(id);
            Post(() => _going.Remove(id));
        });
    }

    private async Task DrainAsync(ReplicaId id, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_world.Options.Drain, _world.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await _world.Traffic.DrainedAsync(id, both.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            LogCutOff(_world.Log, id.ToString(), _world.Options.Drain.TotalSeconds);
        }
    }

    private void TakeAwaySurplus(Seen seen)
    {
        foreach (var group in seen.Replicas.Where(r => !_going.Contains(r.Id)).GroupBy(r => r.Id.Version).ToList())
        {
            var wanted = _record.Version(group.Key)?.Replicas ?? 0;
            var surplus = group.Count() - wanted;
            // The ill ones first, then the youngest numbers.
            foreach (var replica in group.OrderBy(r => r.State is ReplicaState.Healthy).ThenByDescending(r => r.Id.Number).Take(Math.Max(0, surplus)))
                // One that fell ill a moment ago may have requests under way all the same.
                Retire(replica.Id, drain: replica.State is not ReplicaState.Stopped);
        }
    }

    /// <summary>Nothing of it is left, and so it ends.</summary>
    private async Task EndAsync()
    {
        _deleting = true;
        var seen = See();
        if (seen.Replicas.Count > 0 || _making.Count > 0 || _going.Count > 0)
            return;
        // An engine that is away may hold some of it.
        if (_record.Versions.Any(v => !_world.Workloads.IsKnown(v.Grant.Spec.Location)))
            return;
        if (_record.Versions.Any(v => v.Grant.Spec.Volume is not null) && !_volumeGone)
        {
            RemoveVolume();
            return;
        }

        await _world.Journal.AppendAsync(StreamName.Service(Tenant, Name), new JournalEvent.ServiceGone(Tenant, Name));
        foreach (var version in _record.Versions)
            _world.Ledger.Free(Tenant, Reservation.ServiceOwner(Name, version.Number));
        _gone = true;
        _publish(this, null);
        Tell("deleted", _record.Stable, $"{Name} is gone");
    }

    private void RemoveVolume()
    {
        if (_removingVolume)
            return;
        _removingVolume = true;
        var locations = _record.Versions.Where(v => v.Grant.Spec.Volume is not null).Select(v => v.Grant.Spec.Location).Distinct().ToList();
        Begin(new ReplicaId(Tenant, Name, 0, 0), async token =>
        {
            foreach (var location in locations)
            {
                while (await _world.Workloads.RemoveVolumeAsync(Tenant, Name, location, token) is { } left)
                {
                    LogNotRemoved(_world.Log, $"the volume of {Name}", left.Error.ToString());
                    await PauseAsync(Again, token);
                }
            }

            Post(() => _volumeGone = true);
        });
    }

    private static ReplicaSpec SpecOf(ServiceGrant grant) => new(
        grant.Spec.Image!, grant.Replica, grant.Spec.Port ?? ServiceDefaults.Port, grant.Spec.HealthPath ?? ServiceDefaults.HealthPath,
        grant.Spec.Args ?? [], grant.Spec.Env ?? NoVariables, grant.SpecSha256, grant.Spec.Location, grant.Spec.Volume);

    private static readonly IReadOnlyDictionary<string, string> NoVariables = new Dictionary<string, string>();

    private async Task PauseAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _pausing);
        try
        {
            await Task.Delay(time, _world.Clock, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _pausing);
        }
    }

    private void Post(Action signal) => _inbox.Writer.TryWrite(() =>
    {
        signal();
        return Task.CompletedTask;
    });

    private void Begin(ReplicaId id, Func<CancellationToken, Task> effect) => _effects[id] = Task.Run(async () =>
    {
        try
        {
            await effect(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The instance ends; what was begun is found again by its name.
        }
        catch (Exception e)
        {
            LogEffectFailed(_world.Log, e, id.ToString());
            Post(() =>
            {
                _making.Remove(id);
                _going.Remove(id);
                _removingVolume = false;
            });
        }
    });

    [LoggerMessage(LogLevel.Warning, "{Replica} could not be started: {Why}")]
    private static partial void LogNotStarted(ILogger log, string replica, string why);

    [LoggerMessage(LogLevel.Warning, "{Replica} could not be removed, and is tried again: {Why}")]
    private static partial void LogNotRemoved(ILogger log, string replica, string why);

    [LoggerMessage(LogLevel.Warning, "Requests at {Replica} did not end within {Seconds} s and are cut off")]
    private static partial void LogCutOff(ILogger log, string replica, double seconds);

    [LoggerMessage(LogLevel.Error, "An unexpected fault with {Replica}")]
    private static partial void LogEffectFailed(ILogger log, Exception exception, string replica);
}

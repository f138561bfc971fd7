using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;

namespace PolyClaw.Core.Services.Control;

/// <summary>All services of this instance: each kept by a loop of its own.</summary>
public sealed partial class ServiceControl : IAsyncDisposable
{
    private static readonly TimeSpan OpenAgain = TimeSpan.FromSeconds(5);

    private readonly ServiceWorld _world;
    private readonly ConcurrentDictionary<(string Tenant, string Name), ServiceLoop> _loops = new();
    private readonly Dictionary<(string Tenant, string Name), ServiceRoutes> _routes = [];
    private readonly HashSet<(string Tenant, string Name)> _unheard = [];
    private readonly Lock _publishing = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _opening = Task.CompletedTask;

    internal ServiceControl(ServiceWorld world)
    {
        _world = world;
        world.Workloads.Changed += OnChanged;
        world.Traffic.Wanted += OnWanted;
    }

    /// <summary>How many services there are; while there is one, the instance is needed.</summary>
    public int Count => _loops.Count;

    /// <summary>Takes up the services that the journal knows, in the middle of whatever they were at.</summary>
    public void Restore()
    {
        var found = new List<ServiceLoop>();
        foreach (var record in _world.Journal.Services())
        {
            var grants = record.Versions.Select(version => _world.Gate.Reissue(record.Tenant, version.Grant, ServiceRecord.HeldBy(record, version), BearsService(record, version))).ToList();
            var loop = new ServiceLoop(record, grants, _world, Publish);
            _loops[(record.Tenant, record.Name)] = loop;
            _unheard.Add((record.Tenant, record.Name));
            found.Add(loop);
        }

        if (found.Count > 0)
            _opening = OpenAsync(found, _stop.Token);
    }

    /// <summary>A tenant's services as they are now.</summary>
    /// <param name="tenant">Whose.</param>
    public IReadOnlyList<ServiceView> List(string tenant) =>
        [.. _loops.Values.Where(loop => loop.Tenant == tenant && loop.Record.Versions.Count > 0 && !loop.IsGone).OrderBy(loop => loop.Name, StringComparer.Ordinal).Select(loop => ServiceViews.Of(loop, _world))];

    /// <summary>One service as it is now, or nothing.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="name">Its name.</param>
    public ServiceView? Find(string tenant, string name) =>
        _loops.TryGetValue((tenant, name), out var loop) && loop.Record.Versions.Count > 0 && !loop.IsGone ? ServiceViews.Of(loop, _world) : null;

    /// <summary>How a service stands, for the gate; nothing when there is none.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="name">Its name.</param>
    public ServiceRecord? Record(string tenant, string name) =>
        _loops.TryGetValue((tenant, name), out var loop) && loop.Record.Versions.Count > 0 && !loop.IsGone ? loop.Record : null;

    /// <summary>How a tenant's services stand, for the gate.</summary>
    /// <param name="tenant">Whose.</param>
    public IReadOnlyList<ServiceRecord> Records(string tenant) =>
        [.. _loops.Values.Where(loop => loop.Tenant == tenant && !loop.IsGone).Select(loop => loop.Record)];

    /// <summary>What a service went through, the newest last.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="name">Its name.</param>
    public IReadOnlyList<EventView> History(string tenant, string name) =>
        [.. _world.Journal.Read(StreamName.Service(tenant, name).Value).Select(Line).OfType<EventView>()];

    /// <summary>The last lines that a service's replicas wrote.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="name">Its name.</param>
    /// <param name="lines">Lines of each replica. 1–10,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<(ReplicaId Replica, string Text)>> LogsAsync(string tenant, string name, int lines, CancellationToken cancellationToken)
    {
        var logs = new List<(ReplicaId, string)>();
        foreach (var replica in _world.Workloads.List().Where(r => r.Id.Tenant == tenant && r.Id.Service == name).OrderBy(r => r.Id.Version).ThenBy(r => r.Id.Number))
            logs.Add((replica.Id, await _world.Workloads.LogsAsync(replica.Id, lines, cancellationToken)));
        return logs;
    }

    /// <summary>Stops keeping the services. They stay, and so do their replicas.</summary>
    public async ValueTask DisposeAsync()
    {
        _world.Workloads.Changed -= OnChanged;
        _world.Traffic.Wanted -= OnWanted;
        await _stop.CancelAsync();
        await _opening;
        foreach (var loop in _loops.Values)
            await loop.DisposeAsync();
        _stop.Dispose();
    }

    /// <summary>Completes once every service has looked and what it began has ended or waits for the clock; for tests, whose clock stands still.</summary>
    internal async Task SettledAsync()
    {
        await Task.WhenAny(_opening, Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stop.Token));
        foreach (var loop in _loops.Values)
            await loop.SettledAsync();
    }

    private async Task OpenAsync(List<ServiceLoop> loops, CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            // Only once it is known what runs: a service that is there must not be made a second time.
            await _world.Workloads.OpenAsync(cancellationToken);
            while (await _world.Traffic.OpenAsync(cancellationToken) is { } closed)
            {
                LogAway(_world.Log, closed.ToString());
                await Task.Delay(OpenAgain, _world.Clock, cancellationToken);
            }

            foreach (var loop in loops)
                loop.Begin();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The instance ends before it had begun.
        }
        catch (Exception e)
        {
            LogNotTakenUp(_world.Log, e);
        }
    }

    private static bool BearsService(ServiceRecord record, VersionRecord version) =>
        version.Number == (record.Stable > 0 ? record.Stable : record.Rollout?.Order.NewVersion);

    private bool Publish(ServiceLoop loop, ServiceRoutes? routes)
    {
        lock (_publishing)
        {
            if (routes is null)
            {
                // Another of its name may have taken its place already.
                if (_loops.TryRemove(new((loop.Tenant, loop.Name), loop)))
                    _routes.Remove((loop.Tenant, loop.Name));
            }
            else
            {
                _routes[(loop.Tenant, loop.Name)] = routes;
            }

            // All routes are put into force at once: of a gateway that serves on, those of a service that has not looked yet would be taken away.
            _unheard.Remove((loop.Tenant, loop.Name));
            if (_unheard.Count > 0 && _world.Traffic.ServesOn)
                return false;
            _world.Traffic.Publish([.. _routes.Values]);
            return true;
        }
    }

    private void OnChanged(ReplicaInfo replica)
    {
        if (_loops.TryGetValue((replica.Id.Tenant, replica.Id.Service), out var loop))
            loop.Wake();
    }

    private void OnWanted(string tenant, string name)
    {
        if (_loops.TryGetValue((tenant, name), out var loop))
            loop.Want();
    }

    private static EventView? Line(JournalEntry entry) => entry.Event switch
    {
        JournalEvent.ServiceKept kept => new EventView(entry.Position, entry.At, "service_kept", kept.Text),
        JournalEvent.ServiceGone => new EventView(entry.Position, entry.At, "service_gone", "it was removed"),
        _ => null,
    };

    [LoggerMessage(LogLevel.Warning, "Services are not kept yet, and it is tried again: {Why}")]
    private static partial void LogAway(ILogger log, string why);

    [LoggerMessage(LogLevel.Critical, "Services cannot be kept: an unexpected fault")]
    private static partial void LogNotTakenUp(ILogger log, Exception exception);
}

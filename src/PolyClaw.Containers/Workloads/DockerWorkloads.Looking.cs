using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Services;

namespace PolyClaw.Containers.Workloads;

// How it is known what runs. The engine's list is asked again and again, and a container is described only where the list shows news of it: hundreds
// that go on as before cost one question. The engine's events say earlier what has ended; one that is missed is made good by the next look.
internal sealed partial class DockerWorkloads
{
    /// <summary>Looks at the engine now: what it runs for us, and what of that has ended.</summary>
    /// <exception cref="RuntimeFaultException">The engine does not answer.</exception>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        await _look.WaitAsync(cancellationToken);
        try
        {
            var before = _replicas.Keys.ToHashSet();
            foreach (var container in await _engine.ListContainersAsync($"{DockerLabels.Instance}={_instance}", cancellationToken))
            {
                if (DockerLabels.ReplicaOf(container.Labels) is not { } id || container.State == "created")
                    continue;
                before.Remove(id);
                var listed = ListedContainer.Of(container.ID, container.State, container.Status, (container.Ports ?? []).Select(port => $"{port.IP}:{port.PublicPort}->{port.PrivatePort}"));
                if (listed is not null && _replicas.TryGetValue(id, out var known) && known.Listed == listed)
                    continue;
                if (await SeeAsync(id, cancellationToken) is { } seen)
                    seen.Listed = listed;
            }

            // Nobody removed it through us: somebody else did.
            foreach (var id in before)
            {
                if (!_names.IsBusy(DockerLabels.NameOf(_instance, id)) && _replicas.TryRemove(id, out var gone))
                {
                    await gone.DisposeAsync();
                    Tell(gone.Replica.Seen(false, null, gone.Replica.Info.Restarts, new Fault("removed", $"{id} was removed by somebody else")) ?? gone.Replica.Info);
                }
            }
        }
        finally
        {
            _look.Release();
        }
    }

    private async Task LookOnAsync(CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            using var timer = new PeriodicTimer(_options.Look, _clock);
            var wasAway = false;
            do
            {
                try
                {
                    await LookAsync(cancellationToken);
                    await MeasureAsync(cancellationToken);
                    wasAway = false;
                }
                catch (RuntimeFaultException away)
                {
                    // One line for as long as it stays away.
                    if (!wasAway)
                        LogAway(away, _engine.Endpoint.ToString());
                    wasAway = true;
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    /// <summary>Listens to what the engine says of our containers, for as long as it says anything; then asks it to speak again.</summary>
    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            while (true)
            {
                try
                {
                    using var lines = new StreamReader(await _engine.EventsAsync($"{DockerLabels.Instance}={_instance}", since: null, cancellationToken, "die", "start"));
                    while (await lines.ReadLineAsync(cancellationToken) is { } line)
                    {
                        if (DockerEvent.Parse(line) is { } happened)
                            await HearAsync(happened.Container, cancellationToken);
                    }
                }
                catch (Exception unheard) when (unheard is RuntimeFaultException or IOException or SocketException or HttpRequestException)
                {
                    // The looks tell of an engine that is away; without its events they are enough.
                    LogUnheard(unheard, _engine.Endpoint.ToString());
                }

                await Task.Delay(_options.Look, _clock, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private async Task HearAsync(string container, CancellationToken cancellationToken)
    {
        var found = _replicas.FirstOrDefault(replica => replica.Value.Container == container);
        // Who starts or removes it knows how it stands.
        if (found.Value is null || _names.IsBusy(DockerLabels.NameOf(_instance, found.Key)))
            return;
        await _look.WaitAsync(cancellationToken);
        try
        {
            found.Value.Listed = null;
            await SeeAsync(found.Key, cancellationToken);
        }
        finally
        {
            _look.Release();
        }
    }

    private async Task<Watched?> SeeAsync(ReplicaId id, CancellationToken cancellationToken)
    {
        if (await _engine.InspectAsync(DockerLabels.NameOf(_instance, id), cancellationToken) is not { } seen)
            return null;
        var labels = seen.Config?.Labels;
        if (!_replicas.TryGetValue(id, out var watched))
        {
            if (labels is null || !labels.TryGetValue(DockerLabels.Port, out var text) || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
                || !labels.TryGetValue(DockerLabels.HealthPath, out var path))
                return null;
            watched = Watch(id, seen.ID, port, path);
        }

        watched.Use.NanoCpus = seen.HostConfig?.NanoCPUs ?? 0;
        Tell(watched.Replica.Seen(seen.State?.Running is true, AddressOf(seen.NetworkSettings?.Ports, watched.Port), (int)seen.RestartCount, EndOf(seen)));
        return watched;
    }

    [LoggerMessage(LogLevel.Warning, "The engine at {Engine} does not say what runs; it is asked again")]
    private partial void LogAway(Exception cause, string engine);

    [LoggerMessage(LogLevel.Debug, "The engine at {Engine} tells no events; it is asked again")]
    private partial void LogUnheard(Exception cause, string engine);
}

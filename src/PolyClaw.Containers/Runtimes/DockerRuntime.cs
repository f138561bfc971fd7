using System.Collections.Concurrent;
using System.Net;
using Docker.DotNet;
using Microsoft.Extensions.Logging;
using PolyClaw.Containers.Hardening;
using PolyClaw.Containers.Images;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Servers;

namespace PolyClaw.Containers.Runtimes;

/// <summary>Children in hardened containers of one Docker engine, over its API alone.</summary>
internal sealed partial class DockerRuntime : IRuntime
{
    // A name freed by the engine a moment ago may still be refused; more rounds than this mean that somebody fights for it.
    private const int NameRounds = 8;

    private readonly DockerEngine _engine;
    private readonly DockerEvents _events;
    private readonly ToolServerImage _toolServer;
    private readonly ImagePull _pull;
    private readonly EngineTraits _traits;
    private readonly string _instance;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly WatchdogProcess? _watchdog;
    private readonly KeyedGate _names = new();
    private readonly ConcurrentDictionary<string, DockerChild> _children = new(StringComparer.Ordinal);
    private int _disposed;

    private DockerRuntime(DockerEngine engine, DockerEvents events, IToolServerBinary binary, EngineFacts facts, string instance, string lease, WatchdogLaunch? watchdog, TimeProvider clock, ILogger log)
    {
        _engine = engine;
        _events = events;
        _toolServer = new(engine, binary);
        _pull = new(engine, clock, log);
        _traits = facts.Traits;
        _instance = instance;
        _clock = clock;
        _log = log;
        _watchdog = watchdog is null ? null : new(watchdog, engine.Endpoint, lease, log);
        Facts = facts;
        Lease = lease;
        Info = new("docker", Isolation.Container, facts.Summary) { Warnings = facts.Warnings };
    }

    /// <inheritdoc/>
    public RuntimeInfo Info { get; }

    /// <summary>What the engine is, for <c>doctor</c>.</summary>
    public EngineFacts Facts { get; }

    /// <summary>The label value that all children of this process bear, and those of no other: 32 hex digits.</summary>
    public string Lease { get; }

    /// <summary>Looks for an engine and takes hold of it.</summary>
    /// <param name="endpoint">Where.</param>
    /// <param name="instance">Id of this PolyClaw instance; everything made bears it.</param>
    /// <param name="binary">Where the ToolServer program lies.</param>
    /// <param name="deadlines">How long to wait for what.</param>
    /// <param name="clock">Time.</param>
    /// <param name="log">Log.</param>
    /// <param name="watchdog">How to start what removes our containers should we die; nothing for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The runtime, or why this engine cannot be used.</returns>
    public static async Task<DockerProbe> ConnectAsync(
        DockerEndpoint endpoint,
        string instance,
        IToolServerBinary binary,
        DockerDeadlines deadlines,
        TimeProvider clock,
        ILogger log,
        WatchdogLaunch? watchdog,
        CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(instance);
        DockerEngine? engine = null;
        try
        {
            (engine, var facts) = await DockerEngine.ConnectAsync(endpoint, deadlines, clock, cancellationToken);
            var events = await DockerEvents.SubscribeAsync(engine, Label(instance), facts.Since, clock, log, cancellationToken);
            return new DockerProbe.Ready(new(engine, events, binary, facts, instance, Guid.NewGuid().ToString("N"), watchdog, clock, log));
        }
        catch (RuntimeFaultException refused)
        {
            engine?.Dispose();
            return new DockerProbe.Unusable(refused.Fault);
        }
        catch
        {
            engine?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Fault? Refuses(ChildLaunch launch) => LaunchRules.Check(launch);

    /// <inheritdoc/>
    public async Task<IChild> StartAsync(ChildLaunch launch, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        if (Refuses(launch) is { } fault)
            throw new RuntimeFaultException(fault, transient: false);
        using var turn = await _names.EnterAsync(DockerLabels.NameOf(_instance, launch.Tenant, launch.Server), cancellationToken);
        await _events.EnsureAsync(cancellationToken);
        _watchdog?.Ensure();
        var (id, name) = await CreateAsync(launch, cancellationToken);
        DockerChild? child = null;
        try
        {
            var attached = await _engine.AttachAsync(id, cancellationToken);
            child = new(id, name, attached, _engine, _clock, _log, Forget);
            _children[id] = child;
            _events.Watch(child);
            child.Listen();
            // Not with the caller's token: half a start is a state that nobody can name. It has a deadline of its own.
            await _engine.StartAsync(id, CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(_disposed != 0, this);
            return child;
        }
        catch
        {
            await AbandonAsync(id, child);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> SweepAsync(IReadOnlySet<string> keep, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        var found = await _engine.ListContainersAsync(Label(_instance), cancellationToken);
        var removed = new ConcurrentBag<string>();
        // One that is being started has a name its caller cannot know yet: it is nobody's leftover.
        // A replica of a service belongs to the home, and stays.
        var left = found.Where(container => DockerLabels.ReplicaOf(container.Labels) is null && NameOf(container) is var name && !keep.Contains(name) && !_names.IsBusy(name));
        await Parallel.ForEachAsync(left, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken }, async (container, token) =>
        {
            await _engine.RemoveAsync(container.ID, token);
            removed.Add(NameOf(container));
        });
        var others = await _engine.RemoveNetworksAndVolumesAsync(Label(_instance), keep, cancellationToken);
        return [.. removed.Concat(others).Order(StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await Task.WhenAll(_children.Values.Select(child => child.DisposeAsync().AsTask()));
        await _events.DisposeAsync();
        _watchdog?.Dispose();
        _toolServer.Dispose();
        _engine.Dispose();
    }

    private static string Label(string instance) => DockerLabels.Instance + "=" + instance;

    private static string NameOf(Docker.DotNet.Models.ContainerListResponse container) =>
        container.Names is [var first, ..] ? first.TrimStart('/') : container.ID;

    private async Task<(string Id, string Name)> CreateAsync(ChildLaunch launch, CancellationToken cancellationToken)
    {
        var pulled = false;
        for (var round = 1; ; round++)
        {
            var image = launch.Image ?? await _toolServer.GetAsync(cancellationToken);
            IReadOnlyList<string> volumes = [];
            if (launch.Image is not null)
            {
                var seen = await _engine.InspectImageAsync(image, cancellationToken);
                if (seen is null && !pulled)
                {
                    pulled = true;
                    await ObtainAsync(launch, image, cancellationToken);
                    continue;
                }

                volumes = ImageVolumes.Of(image, seen?.Config?.Volumes?.Keys ?? []);
            }

            var compiled = ContainerSpecCompiler.Compile(launch, image, _instance, Lease, _traits, volumes);
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                // Not with the caller's token: a cancelled create may still happen in the engine, unseen. It has a deadline of its own.
                return (await _engine.CreateAsync(compiled, CancellationToken.None), compiled.Name);
            }
            catch (DockerImageNotFoundException) when (!pulled)
            {
                pulled = true;
                await ObtainAsync(launch, image, cancellationToken);
            }
            catch (DockerApiException refusal) when (refusal.StatusCode is HttpStatusCode.Conflict && round < NameRounds)
            {
                await EvictAsync(compiled.Name, cancellationToken);
            }
            catch (DockerApiException refusal)
            {
                throw DockerFaults.Refused("create a container", refusal);
            }
            catch (RuntimeFaultException lost) when (lost.Transient)
            {
                // The answer was lost, perhaps not the deed.
                await AbandonByNameAsync(compiled);
                throw;
            }
        }
    }

    private async Task ObtainAsync(ChildLaunch launch, string image, CancellationToken cancellationToken)
    {
        if (launch.Image is null)
            _toolServer.Forget(image);
        else if (ImageReference.TryParse(launch.Image, out var reference))
            await _pull.PullAsync(reference, cancellationToken);
    }

    // The name is taken. What we left there goes; what somebody else put there stays, and we say so.
    private async Task EvictAsync(string name, CancellationToken cancellationToken)
    {
        if (await _engine.InspectAsync(name, cancellationToken) is not { } found)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), _clock, cancellationToken);
            return;
        }
        if (found.Config?.Labels is not { } labels || !labels.TryGetValue(DockerLabels.Instance, out var owner) || owner != _instance)
        {
            throw new RuntimeFaultException(
                new("name_taken", $"a container that is not ours is called {name}", "/name", "remove or rename that container, or choose another name"),
                transient: false);
        }
        LogEvicted(name);
        await _engine.RemoveAsync(found.ID, cancellationToken);
    }

    private async Task AbandonAsync(string id, DockerChild? child)
    {
        try
        {
            if (child is not null)
                await child.DisposeAsync();
            else
                await _engine.RemoveAsync(id, CancellationToken.None);
        }
        catch (RuntimeFaultException left)
        {
            // The first fault is the one to tell; what is left bears our label.
            LogLeft(left, id);
        }
    }

    private async Task AbandonByNameAsync(CompiledChild compiled)
    {
        try
        {
            if (await _engine.InspectAsync(compiled.Name, CancellationToken.None) is { } found
                && found.Config?.Labels is { } labels && labels.TryGetValue(DockerLabels.Lease, out var lease) && lease == Lease)
                await _engine.RemoveAsync(found.ID, CancellationToken.None);
        }
        catch (RuntimeFaultException left)
        {
            LogLeft(left, compiled.Name);
        }
    }

    private void Forget(DockerChild child)
    {
        _events.Forget(child);
        _children.TryRemove(child.Id, out _);
    }

    [LoggerMessage(LogLevel.Information, "A leftover called {Container} was removed")]
    private partial void LogEvicted(string container);

    [LoggerMessage(LogLevel.Warning, "Container {Container} of a failed start could not be removed; the next sweep will")]
    private partial void LogLeft(Exception cause, string container);
}

using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Docker.DotNet;
using Docker.DotNet.Models;
using PolyClaw.Containers.Hardening;

namespace PolyClaw.Containers.Runtimes;

/// <summary>The engine's calls that this house makes: each guarded, each with a deadline, each failing with a fault that says what to do.</summary>
internal sealed partial class DockerEngine : IDisposable
{
    // The newest API the client library was generated from, and the oldest whose fields hardening needs.
    private static readonly System.Version NewestKnown = new(1, 54);
    private static readonly System.Version OldestUsable = new(1, 41);

    private readonly TimeProvider _clock;
    private readonly HttpMessageHandler? _transport;
    private DockerClient _client;

    /// <summary>Opens no connection yet.</summary>
    /// <param name="endpoint">Where the engine is.</param>
    /// <param name="deadlines">How long to wait for it.</param>
    /// <param name="clock">Time.</param>
    /// <param name="transport">Stands in for the socket, for tests.</param>
    public DockerEngine(DockerEndpoint endpoint, DockerDeadlines deadlines, TimeProvider clock, HttpMessageHandler? transport = null)
    {
        Endpoint = endpoint;
        Deadlines = deadlines;
        _clock = clock;
        _transport = transport;
        _client = DockerClients.Build(endpoint, version: null, transport);
    }

    /// <summary>Looks for an engine and settles with it on how to speak.</summary>
    /// <param name="endpoint">Where.</param>
    /// <param name="deadlines">How long to wait for what.</param>
    /// <param name="clock">Time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The engine, which the caller disposes of, and what it is.</returns>
    /// <exception cref="RuntimeFaultException">Nobody, an engine too old, or one that does not run Linux containers.</exception>
    public static async Task<(DockerEngine Engine, EngineFacts Facts)> ConnectAsync(DockerEndpoint endpoint, DockerDeadlines deadlines, TimeProvider clock, CancellationToken cancellationToken)
    {
        var engine = new DockerEngine(endpoint, deadlines, clock);
        try
        {
            return (engine, await engine.NegotiateAsync(cancellationToken));
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    /// <summary>Where the engine is.</summary>
    public DockerEndpoint Endpoint { get; }

    /// <summary>How long it is waited for.</summary>
    public DockerDeadlines Deadlines { get; }

    /// <summary>Asks who is there and settles on the newest API that both sides know.</summary>
    /// <exception cref="RuntimeFaultException">Nobody, an engine too old, or one that does not run Linux containers.</exception>
    public async Task<EngineFacts> NegotiateAsync(CancellationToken cancellationToken)
    {
        var version = await CallAsync("answer", Deadlines.Probe, token => _client.System.GetVersionAsync(token), cancellationToken);
        if (!System.Version.TryParse(version.APIVersion, out var newest) || newest < OldestUsable)
        {
            throw new RuntimeFaultException(
                new("engine_too_old", $"the engine at {Endpoint} speaks API {DockerFaults.OneLine(version.APIVersion)}", Fix: $"an engine with API {OldestUsable} or newer (Docker 20.10)"),
                transient: false);
        }
        var unversioned = _client;
        _client = DockerClients.Build(Endpoint, newest < NewestKnown ? newest : NewestKnown, _transport);
        unversioned.Dispose();
        var info = await CallAsync("describe itself", Deadlines.Call, token => _client.System.GetSystemInfoAsync(token), cancellationToken);
        return string.Equals(info.OSType, "linux", StringComparison.OrdinalIgnoreCase)
            ? EngineFacts.Read(Endpoint, version, info)
            : throw new RuntimeFaultException(
                new("engine_platform", $"the engine at {Endpoint} runs {DockerFaults.OneLine(info.OSType)} containers", Fix: "switch it to Linux containers"),
                transient: false);
    }

    /// <summary>Makes a container.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="DockerImageNotFoundException">The image is not there.</exception>
    /// <exception cref="DockerApiException">Status 409: the name is taken.</exception>
    public async Task<string> CreateAsync(CompiledChild child, CancellationToken cancellationToken)
    {
        var made = await CallAsync("create a container", Deadlines.Call, token => _client.Containers.CreateContainerAsync(child.Parameters, token), cancellationToken, passOn: [HttpStatusCode.NotFound, HttpStatusCode.Conflict]);
        return made.ID;
    }

    /// <summary>Takes hold of a container's three streams.</summary>
    public Task<MultiplexedStream> AttachAsync(string id, CancellationToken cancellationToken) =>
        CallAsync(
            "attach to a container",
            Deadlines.Call,
            token => _client.Containers.AttachContainerAsync(id, new() { Stream = true, Stdin = true, Stdout = true, Stderr = true }, token),
            cancellationToken);

    /// <summary>Starts a container.</summary>
    public Task StartAsync(string id, CancellationToken cancellationToken) =>
        CallAsync("start a container", Deadlines.Call, token => _client.Containers.StartContainerAsync(id, new(), token), cancellationToken);

    /// <summary>Sends a signal. One to a container that has ended or gone is no fault.</summary>
    public async Task SignalAsync(string id, string signal, CancellationToken cancellationToken)
    {
        try
        {
            await CallAsync<object?>(
                "signal a container",
                Deadlines.Call,
                async token =>
                {
                    await _client.Containers.KillContainerAsync(id, new() { Signal = signal }, token);
                    return null;
                },
                cancellationToken,
                passOn: [HttpStatusCode.NotFound, HttpStatusCode.Conflict]);
        }
        catch (DockerApiException refusal) when (refusal.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            // Ended before the signal came: what was wanted.
        }
    }

    /// <summary>Kills and removes a container with its volumes, and returns when it is gone. One that is gone already is no fault.</summary>
    public async Task RemoveAsync(string idOrName, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Deadlines.Call, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            while (!await TryRemoveAsync(idOrName, both.Token))
                await Task.Delay(TimeSpan.FromMilliseconds(15), _clock, both.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw DockerFaults.TimedOut("remove a container", Deadlines.Call);
        }
    }

    /// <summary>What the engine knows of a container, or nothing when there is none.</summary>
    public async Task<ContainerInspectResponse?> InspectAsync(string idOrName, CancellationToken cancellationToken)
    {
        try
        {
            return await CallAsync("describe a container", Deadlines.Call, token => _client.Containers.InspectContainerAsync(idOrName, token), cancellationToken, passOn: [HttpStatusCode.NotFound]);
        }
        catch (DockerContainerNotFoundException)
        {
            return null;
        }
    }

    /// <summary>What the engine knows of an image, or nothing when there is none.</summary>
    public async Task<ImageInspectResponse?> InspectImageAsync(string image, CancellationToken cancellationToken)
    {
        try
        {
            return await CallAsync("describe an image", Deadlines.Call, token => _client.Images.InspectImageAsync(image, token), cancellationToken, passOn: [HttpStatusCode.NotFound]);
        }
        catch (DockerImageNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Pulls an image, or imports one from an archive. What goes wrong half way is told by <paramref name="progress"/>.</summary>
    public Task CreateImageAsync(ImagesCreateParameters parameters, Stream? archive, IProgress<JSONMessage> progress, TimeSpan limit, CancellationToken cancellationToken) =>
        CallAsync<object?>(
            archive is null ? "pull an image" : "import an image",
            limit,
            async token =>
            {
                await _client.Images.CreateImageAsync(parameters, archive, null, progress, token);
                return null;
            },
            cancellationToken,
            passOn: [HttpStatusCode.NotFound, HttpStatusCode.InternalServerError, HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized]);

    /// <summary>Containers, running or not, that bear a label.</summary>
    public Task<IList<ContainerListResponse>> ListContainersAsync(string label, CancellationToken cancellationToken) =>
        CallAsync("list containers", Deadlines.Call, token => _client.Containers.ListContainersAsync(new() { All = true, Filters = Labelled(label) }, token), cancellationToken);

    /// <summary>The last of what a container wrote to stdout and stderr.</summary>
    public Task<MultiplexedStream> LogsAsync(string id, int lines, CancellationToken cancellationToken) =>
        CallAsync(
            "read a container's log",
            Deadlines.Call,
            token => _client.Containers.GetContainerLogsAsync(id, new() { ShowStdout = true, ShowStderr = true, Tail = lines.ToString(System.Globalization.CultureInfo.InvariantCulture) }, token),
            cancellationToken);

    /// <summary>The engine's events about containers that bear a label, one JSON object a line. It is subscribed when this returns.</summary>
    /// <param name="label">The label.</param>
    /// <param name="since">Events from then on are told again: seconds and nanoseconds of the engine's clock. Nothing: from now on.</param>
    /// <param name="cancellationToken">Gives up the request.</param>
    /// <param name="kinds">Which events, by the engine's names.</param>
    public Task<Stream> EventsAsync(string label, string? since, CancellationToken cancellationToken, params string[] kinds)
    {
        var filters = Labelled(label);
        filters["type"] = new Dictionary<string, bool> { ["container"] = true };
        filters["event"] = kinds.ToDictionary(kind => kind, _ => true, StringComparer.Ordinal);
        return CallAsync(
            "tell its events",
            Deadlines.Call,
#pragma warning disable CS0618 // The overload with a progress does not tell when the subscription stands, and we start nothing before it does.
            token => _client.System.MonitorEventsAsync(new() { Filters = filters, Since = since }, token),
#pragma warning restore CS0618
            cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static Dictionary<string, IDictionary<string, bool>> Labelled(string label) =>
        new(StringComparer.Ordinal) { ["label"] = new Dictionary<string, bool> { [label] = true } };

    private async Task<bool> TryRemoveAsync(string idOrName, CancellationToken cancellationToken)
    {
        try
        {
            return await CallAsync(
                "remove a container",
                Deadlines.Call,
                async token =>
                {
                    await _client.Containers.RemoveContainerAsync(idOrName, new() { Force = true, RemoveVolumes = true }, token);
                    return true;
                },
                cancellationToken,
                passOn: [HttpStatusCode.NotFound, HttpStatusCode.Conflict, HttpStatusCode.InternalServerError]);
        }
        catch (DockerContainerNotFoundException)
        {
            return true;
        }
        catch (DockerApiException refusal) when (refusal.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.InternalServerError)
        {
            // It is being removed by somebody else, the engine itself most often (AutoRemove): look again until it is gone.
            return await InspectAsync(idOrName, cancellationToken) is null;
        }
    }

    private async Task<T> CallAsync<T>(string what, TimeSpan limit, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken, HttpStatusCode[]? passOn = null)
    {
        using var deadline = new CancellationTokenSource(limit, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await call(both.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw DockerFaults.TimedOut(what, limit);
        }
        catch (DockerApiException refusal) when (passOn?.Contains(refusal.StatusCode) != true)
        {
            throw DockerFaults.Refused(what, refusal);
        }
        catch (Exception broken) when (broken is HttpRequestException or SocketException or IOException)
        {
            throw DockerFaults.Unreachable(Endpoint, broken);
        }
        catch (JsonException unreadable)
        {
            throw DockerFaults.NoEngine(Endpoint, what, unreadable);
        }
    }
}

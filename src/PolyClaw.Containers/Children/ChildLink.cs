using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using PolyClaw.Containers.Children.Listing;
using PolyClaw.Containers.Children.Wire;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Servers;
using PolyClaw.ToolServer.Definitions;

namespace PolyClaw.Containers.Children;

/// <summary>A connection to one running child: the SDK's client over our bounded transport, or over HTTP for a remote one.</summary>
internal sealed partial class ChildLink : IAsyncDisposable
{
    private const string StatelessRevision = "2026-07-28";
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(5);

    // Ours start far above the ids that the SDK's client counts up from one, and serve as progress tokens too.
    private long _lastId = 1L << 40;

    private readonly McpClient _client;
    private readonly HttpClientTransport? _remote;
    private readonly ChildTransport? _transport;
    private readonly IChild? _child;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<long, ProgressRelay> _relays = new();
    private int _stopped;

    private ChildLink(McpClient client, HttpClientTransport? remote, ChildTransport? transport, IChild? child, TimeProvider clock)
    {
        _client = client;
        _remote = remote;
        _transport = transport;
        _child = child;
        _clock = clock;
        Ended = transport is null ? RemoteEndAsync(client) : DescribeEndAsync(transport, child!, clock);
        if (transport is null)
            client.RegisterNotificationHandler(NotificationMethods.ProgressNotification, TakeProgress);
    }

    /// <summary>Completes when no call can be answered any more, with why.</summary>
    public Task<Fault> Ended { get; }

    /// <summary>The protocol revision agreed on.</summary>
    public string Revision => _client.NegotiatedProtocolVersion ?? StatelessRevision;

    /// <summary>Lists its tools, checked.</summary>
    /// <exception cref="ChildFaultException">It did not answer, or not in time.</exception>
    public Task<ToolListing> ListAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        WithinAsync(
            limit,
            _clock,
            "list its tools",
            token => ToolListing.ReadAsync(async (parameters, pageToken) => Raw(await RequestAsync(RequestMethods.ToolsList, parameters, pageToken)), token),
            cancellationToken);

    /// <summary>Asks whether it is there, in the way its protocol revision has for it.</summary>
    /// <exception cref="ChildFaultException">It did not answer, or not in time.</exception>
    public async Task ProbeAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var method = string.CompareOrdinal(Revision, StatelessRevision) >= 0 ? RequestMethods.ServerDiscover : RequestMethods.Ping;
        await WithinAsync(limit, _clock, "answer a health check", token => RequestAsync(method, [], token), cancellationToken);
    }

    /// <summary>Calls a tool.</summary>
    /// <param name="tool">Its name.</param>
    /// <param name="arguments">A JSON object, or nothing.</param>
    /// <param name="progress">Its progress.</param>
    /// <param name="limit">Time it has.</param>
    /// <param name="cancellationToken">Cancels it at the child.</param>
    /// <param name="files">Files that a ToolServer's code may read during this call.</param>
    public async Task<ToolOutcome> CallAsync(
        string tool, JsonElement? arguments, IProgress<string> progress, TimeSpan limit, CancellationToken cancellationToken, IReadOnlyList<FileDefinition>? files = null)
    {
        if (Ended.IsCompletedSuccessfully)
            return new ToolOutcome.NotCalled(await Ended, Transient: true);
        var number = Interlocked.Increment(ref _lastId);
        var id = new RequestId(number);
        using var relay = new ProgressRelay(progress, _clock);
        var pending = _transport?.Expect(id, relay);
        if (pending is null)
            _relays[number] = relay;

        using var deadline = new CancellationTokenSource(limit, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return ToOutcome(await _client.SendRequestAsync(CallRequest(id, number, tool, arguments, files ?? []), both.Token));
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            var fault = new Fault("tool_timed_out", $"the tool did not answer within {limit.TotalSeconds:0.#} s; the call was cancelled at the server");
            return new ToolOutcome.Lost(fault, TimedOut: true);
        }
        catch (McpProtocolException refused) when (pending?.Fault is null)
        {
            return Refused(refused);
        }
        catch (Exception broken) when (broken is McpException or ChildFaultException or IOException or HttpRequestException or JsonException
            or ArgumentException or ObjectDisposedException || broken is OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // A connection that broke says why a moment after its calls fail; the reason is worth that moment.
            return new ToolOutcome.Lost(pending?.Fault ?? await ExplainAsync(broken, _transport, _child, _clock));
        }
        finally
        {
            _transport?.Forget(id);
            if (pending is null)
            {
                _relays.TryRemove(number, out _);
                if (both.IsCancellationRequested)
                    _ = TellCancelledAsync(number);
            }
        }
    }

    // Over HTTP the SDK only hangs up, which a server with sessions does not take for a cancellation: it would go on to the end.
    private async Task TellCancelledAsync(long number)
    {
        if (string.CompareOrdinal(Revision, StatelessRevision) >= 0)
            return;
        using var deadline = new CancellationTokenSource(CloseLimit, _clock);
        try
        {
            var parameters = new JsonObject { ["requestId"] = number, ["reason"] = "the caller gave up" };
            await _client.SendMessageAsync(new JsonRpcNotification { Method = NotificationMethods.CancelledNotification, Params = parameters }, deadline.Token);
        }
        catch (Exception gone) when (gone is McpException or IOException or HttpRequestException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // Whoever is out of reach has nothing left to cancel that we could know of.
        }
    }

    /// <summary>Ends the connection and the child with patience, then for good.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
            return;
        var stopped = false;
        try
        {
            if (_child is not null)
                await _child.StopAsync(cancellationToken);
            stopped = true;
        }
        finally
        {
            // A child that is still there can be asked to stop again.
            if (!stopped)
                Volatile.Write(ref _stopped, 0);
            await CloseAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 0)
            await CloseAsync();
    }

    private async Task CloseAsync()
    {
        if (_transport is not null)
            await _transport.DisposeAsync();
        if (_child is not null)
            await _child.DisposeAsync();
        await CloseClientAsync();
    }

    // A remote server is told that its session ends, and may take for ever to take note: then it is hung up on.
    private async Task CloseClientAsync()
    {
        try
        {
            await _client.DisposeAsync().AsTask().WaitAsync(CloseLimit, _clock);
        }
        catch (TimeoutException)
        {
            // It knows no better way to end, and nothing of ours hangs on its answer.
        }
        finally
        {
            if (_remote is not null)
                await _remote.DisposeAsync();
        }
    }

    private async Task<JsonRpcResponse> RequestAsync(string method, JsonObject parameters, CancellationToken cancellationToken)
    {
        try
        {
            return await _client.SendRequestAsync(new JsonRpcRequest { Method = method, Params = parameters }, cancellationToken);
        }
        catch (Exception broken) when (broken is McpException or IOException or HttpRequestException or JsonException or ArgumentException or ObjectDisposedException
            || broken is OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new ChildFaultException(await ExplainAsync(broken, _transport, _child, _clock), transient: true, broken);
        }
    }

    private static JsonRpcRequest CallRequest(RequestId id, long number, string tool, JsonElement? arguments, IReadOnlyList<FileDefinition> files) => new()
    {
        Id = id,
        Method = RequestMethods.ToolsCall,
        Params = new JsonObject
        {
            ["name"] = tool,
            ["arguments"] = arguments is { ValueKind: JsonValueKind.Object } given ? JsonObject.Create(given) : new JsonObject(),
            ["_meta"] = Meta(number, files),
        },
    };

    private static JsonObject Meta(long number, IReadOnlyList<FileDefinition> files)
    {
        var meta = new JsonObject { ["progressToken"] = number };
        if (files.Count > 0)
            meta["polyclaw/files"] = new JsonArray([.. files.Select(file => new JsonObject { ["name"] = file.Name, ["text"] = file.Text })]);
        return meta;
    }

    private static ToolOutcome ToOutcome(JsonRpcResponse response)
    {
        var raw = Raw(response);
        if (raw.ValueKind != JsonValueKind.Object)
            return new ToolOutcome.Lost(new Fault("child_answer_unusable", "the server's answer is no tool result"));
        if (raw.TryGetProperty("resultType"u8, out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("task"u8))
            return new ToolOutcome.Lost(new Fault("child_answer_unusable", "the server answered with a task, which nobody asked for"));
        var isError = raw.TryGetProperty("isError"u8, out var flag) && flag.ValueKind == JsonValueKind.True;
        return new ToolOutcome.Answered(ResultCaps.Apply(raw), isError);
    }

    // The protocol's own refusals come before the tool runs; any other error may come from the tool itself.
    private static ToolOutcome Refused(McpProtocolException refused)
    {
        var message = PlainText.Quote(refused.Message);
        if (refused.ErrorCode is McpErrorCode.InvalidParams or McpErrorCode.MethodNotFound or McpErrorCode.InvalidRequest or McpErrorCode.ParseError)
            return new ToolOutcome.NotCalled(new Fault("tool_call_refused", $"the server refused the call: {message}"));
        var result = new JsonObject
        {
            ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = message }),
            ["isError"] = true,
            ["_meta"] = new JsonObject { ["polyclaw/errorCode"] = (int)refused.ErrorCode },
        };
        return new ToolOutcome.Answered(JsonSerializer.SerializeToElement(result, ChildJson.Default.JsonObject), IsError: true);
    }

    private static JsonElement Raw(JsonRpcResponse response) =>
        response.Context?.Items is { } items && items.TryGetValue(ChildTransport.RawResult, out var raw) && raw is JsonElement element ? element
        : response.Result is { } node ? JsonSerializer.SerializeToElement(node, ChildJson.Default.JsonNode)
        : default;

    private ValueTask TakeProgress(JsonRpcNotification notification, CancellationToken cancellationToken)
    {
        if (notification.Params is JsonObject parameters
            && parameters["progressToken"] is JsonValue token && token.TryGetValue<long>(out var number)
            && _relays.TryGetValue(number, out var relay))
        {
            relay.Take(JsonSerializer.SerializeToElement(parameters, ChildJson.Default.JsonObject));
        }

        return default;
    }
}

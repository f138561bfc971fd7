using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Children.Wire;

/// <summary>
/// The SDK client's way to a child on a pair of streams. Everything the child says passes here first, bounded in length, depth and
/// rate; the SDK sees nothing but the first answer to a request of ours.
/// </summary>
internal sealed partial class ChildTransport : TransportBase
{
    /// <summary>Where in an answer's context the result lies as it came, beside the SDK's own form of it.</summary>
    public const string RawResult = "polyclaw.raw-result";

    private const int UnusableAnswer = -32099;
    private static readonly JsonTypeInfo<JsonRpcMessage> MessageType =
        (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    private readonly ConcurrentDictionary<RequestId, PendingRequest> _pending = new();
    private readonly TaskCompletionSource<Fault> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly ArrayBufferWriter<byte> _line = new(1024);
    private readonly Utf8JsonWriter _writer;
    private readonly Stream _input;
    private readonly BoundedLines _lines;
    private readonly StormMeter _storm;
    private readonly ILogger _logger;
    private int _strikes;
    private int _repliesWaiting;

    /// <summary>Starts to read at once.</summary>
    /// <param name="name">For logs.</param>
    /// <param name="input">The child's stdin. Not disposed here.</param>
    /// <param name="output">The child's stdout. Not disposed here.</param>
    /// <param name="clock">For rates.</param>
    /// <param name="logger">For what is dropped.</param>
    public ChildTransport(string name, Stream input, Stream output, TimeProvider clock, ILogger logger)
        : base(name, loggerFactory: null)
    {
        _input = input;
        _lines = new BoundedLines(output, ChildLimits.LineBytes);
        _storm = new StormMeter(clock);
        _logger = logger;
        _writer = new Utf8JsonWriter(_line);
        SetConnected();
        _ = Task.Run(ReadAllAsync, CancellationToken.None);
    }

    /// <summary>Completes when nothing more will come, with why.</summary>
    public Task<Fault> Ended => _ended.Task;

    /// <summary>Told when the child says that its tools changed.</summary>
    public Action? ToolsChanged { get; set; }

    /// <summary>Announces a request before it is sent, to give its progress a place and to learn why an answer was refused.</summary>
    public PendingRequest Expect(RequestId id, ProgressRelay? progress)
    {
        var pending = new PendingRequest(progress);
        _pending[id] = pending;
        return pending;
    }

    /// <summary>Takes back what was announced: a later answer is an answer to nothing.</summary>
    public void Forget(RequestId id) => _pending.TryRemove(id, out _);

    /// <inheritdoc/>
    public override Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        if (message is JsonRpcRequest request)
            _pending.TryAdd(request.Id, new PendingRequest(progress: null));
        var writing = WriteAsync(message);
        // Once begun a line is written to its end, or the next one would start in its middle: a caller only stops waiting for it.
        return writing.IsCompleted ? writing : writing.WaitAsync(cancellationToken);
    }

    /// <summary>Closes the connection for a reason of ours.</summary>
    public void Close(Fault reason)
    {
        _ended.TrySetResult(reason);
        _closing.Cancel();
        SetDisconnected(new ChildFaultException(reason));
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        // The reader ends by itself: at once by the token, or with the child's stream where that does not heed one.
        Close(new Fault("child_closed", "the connection was closed"));
        return ValueTask.CompletedTask;
    }

    private async Task WriteAsync(JsonRpcMessage message)
    {
        await _writing.WaitAsync(_closing.Token);
        try
        {
            _line.ResetWrittenCount();
            _writer.Reset();
            JsonSerializer.Serialize(_writer, message, MessageType);
            _writer.Flush();
            _line.Write("\n"u8);
            await _input.WriteAsync(_line.WrittenMemory, _closing.Token);
            await _input.FlushAsync(_closing.Token);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task ReadAllAsync()
    {
        Fault reason;
        try
        {
            while (await _lines.ReadAsync(_closing.Token))
                Take(_lines.Current);
            reason = new Fault("child_ended", "the server closed its output");
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            reason = new Fault("child_closed", "the connection was closed");
        }
        catch (ChildFaultException broken)
        {
            reason = broken.Fault;
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException)
        {
            reason = new Fault("child_ended", $"the server's output broke: {broken.Message}");
        }
        catch (Exception bug)
        {
            // Nobody reads on after this: unless the connection is closed here, every call on it waits for its own deadline.
            LogBug(Name, bug);
            reason = new Fault("child_unreadable", "what the server wrote could not be read");
        }
        finally
        {
            _lines.Dispose();
        }

        Close(reason);
    }

    private void Take(ReadOnlyMemory<byte> line)
    {
        if (line.Span.IndexOfAnyExcept(" \t\r"u8) < 0)
            return;
        if (!ChildMessage.TryRead(line.Span, out var message))
            Strike(line.Span);
        else if (message.Method is null)
            TakeAnswer(line, message);
        else
            TakeUnasked(line, message);
    }

    private void TakeAnswer(ReadOnlyMemory<byte> line, in ChildMessage message)
    {
        // Only the first answer to a request counts. The second, or one to nothing, is dropped.
        if (!message.HasId || !_pending.TryRemove(message.Id, out var pending))
        {
            CountUnasked();
            return;
        }

        var answer = message.Defect is null ? Answer(line, message) : null;
        if (answer is null)
        {
            pending.Fault = new Fault("child_answer_unusable", $"the server's answer cannot be used: {message.Defect ?? "it is not of the form the protocol asks for"}");
            answer = new JsonRpcError { Id = message.Id, Error = new JsonRpcErrorDetail { Code = UnusableAnswer, Message = pending.Fault.Message } };
        }

        // Never waits: the channel behind it is unbounded, and what goes in is bounded by what we asked.
        _ = WriteMessageAsync(answer, CancellationToken.None);
    }

    private static JsonRpcMessage? Answer(ReadOnlyMemory<byte> line, in ChildMessage message)
    {
        try
        {
            if (message.Result is { } result)
            {
                var element = Parse(line.Span[result]);
                if (element.ValueKind != JsonValueKind.Object)
                    return null;
                return new JsonRpcResponse
                {
                    Id = message.Id,
                    Result = JsonObject.Create(element),
                    Context = new JsonRpcMessageContext { Items = new Dictionary<string, object?>(1) { [RawResult] = element } },
                };
            }

            var detail = (JsonTypeInfo<JsonRpcErrorDetail>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcErrorDetail));
            return JsonSerializer.Deserialize(line.Span[message.Error!.Value], detail) is { } error
                ? new JsonRpcError { Id = message.Id, Error = error }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonElement Parse(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = ChildLimits.Depth });
        return JsonElement.ParseValue(ref reader);
    }

    [LoggerMessage(LogLevel.Error, "Reading what {Server} wrote broke")]
    private partial void LogBug(string server, Exception exception);
}

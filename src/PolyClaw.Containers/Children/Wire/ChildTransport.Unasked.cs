using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;
using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Children.Wire;

/// <content>What nobody asked for: requests and notifications of the child's, and noise.</content>
internal sealed partial class ChildTransport
{
    private const int MethodNotFound = -32601;

    private void TakeUnasked(ReadOnlyMemory<byte> line, in ChildMessage message)
    {
        CountUnasked();
        if (message.HasId)
            Reply(message);
        else
            TakeNotification(line, message);
    }

    // What is no notification of ours, or not in order, is dropped.
    private void TakeNotification(ReadOnlyMemory<byte> line, in ChildMessage message)
    {
        if (message.Defect is not null)
            return;
        if (message.Method == NotificationMethods.ToolListChangedNotification)
        {
            ToolsChanged?.Invoke();
            return;
        }

        if (message.Method != NotificationMethods.ProgressNotification || message.Params is not { } range)
            return;
        var parameters = Parse(line.Span[range]);
        if (parameters.ValueKind == JsonValueKind.Object
            && parameters.TryGetProperty("progressToken"u8, out var token)
            && token.ValueKind == JsonValueKind.Number && token.TryGetInt64(out var id)
            && _pending.TryGetValue(new RequestId(id), out var pending)
            && pending.Progress is { } relay)
        {
            relay.Take(parameters);
        }
    }

    // We announce no capability, so there is nothing a child may ask of us but whether we are there.
    private void Reply(in ChildMessage message)
    {
        if (Interlocked.Increment(ref _repliesWaiting) > ChildLimits.RepliesWaiting)
        {
            Interlocked.Decrement(ref _repliesWaiting);
            return;
        }

        JsonRpcMessage reply = message.Method == RequestMethods.Ping
            ? new JsonRpcResponse { Id = message.Id, Result = new JsonObject() }
            : new JsonRpcError { Id = message.Id, Error = new JsonRpcErrorDetail { Code = MethodNotFound, Message = $"Method '{PlainMethod(message)}' is not available." } };
        _ = ReplyAsync(reply);
    }

    private async Task ReplyAsync(JsonRpcMessage reply)
    {
        try
        {
            await WriteAsync(reply);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The reader sees the same end and tells it.
        }
        finally
        {
            Interlocked.Decrement(ref _repliesWaiting);
        }
    }

    private void CountUnasked()
    {
        if (_storm.Count())
        {
            throw new ChildFaultException(new Fault(
                "child_message_storm",
                $"the server sent more than {ChildLimits.StormPerSecond} unasked messages a second for {ChildLimits.StormSeconds} s",
                Fix: "ten progress messages a second are plenty"));
        }
    }

    private void Strike(ReadOnlySpan<byte> line)
    {
        _strikes++;
        LogNoise(Name, _strikes);
        if (_strikes >= ChildLimits.Strikes)
        {
            throw new ChildFaultException(new Fault(
                "child_noise",
                $"the server wrote {_strikes} lines to its output that are no MCP message; the last begins: {Begin(line)}",
                Fix: "stdout belongs to the protocol; write logs to stderr"));
        }
    }

    private static string Begin(ReadOnlySpan<byte> line) =>
        Listing.PlainText.Quote(System.Text.Encoding.UTF8.GetString(line[..Math.Min(line.Length, 200)]));

    private static string PlainMethod(in ChildMessage message) => Listing.PlainText.Quote(message.Method!);

    [LoggerMessage(LogLevel.Warning, "{Server} wrote a line that is no MCP message, strike {Strike}")]
    private partial void LogNoise(string server, int strike);
}

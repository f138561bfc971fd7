using System.Text.Json;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using PolyClaw.Containers.Children.Listing;
using PolyClaw.Containers.Children.Wire;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Children;

/// <content>How a connection begins, and why it ended.</content>
internal sealed partial class ChildLink
{
    /// <summary>Connects to a child that has just been started. On failure the child is left to the caller.</summary>
    /// <exception cref="ChildFaultException">It did not answer as an MCP server does, or not in time.</exception>
    public static async Task<ChildLink> ConnectAsync(
        IChild child, ReadOnlyMemory<byte> firstLine, TimeSpan limit, Action toolsChanged, TimeProvider clock, ILogger logger, CancellationToken cancellationToken)
    {
        var transport = new ChildTransport(child.Name, child.Input, child.Output, clock, logger) { ToolsChanged = toolsChanged };
        try
        {
            return await WithinAsync(limit, clock, "connect", async token =>
            {
                if (!firstLine.IsEmpty)
                {
                    await child.Input.WriteAsync(firstLine, token);
                    await child.Input.FlushAsync(token);
                }

                var client = await McpClient.CreateAsync(new ConnectedTransport(child.Name, transport), Options(), null, token);
                return new ChildLink(client, null, transport, child, clock);
            }, cancellationToken);
        }
        catch (Exception broken) when (broken is ChildFaultException or McpException or IOException or JsonException or InvalidOperationException or ArgumentException)
        {
            var fault = await ExplainAsync(broken, transport, child, clock);
            await transport.DisposeAsync();
            throw new ChildFaultException(fault, broken is ChildFaultException { Transient: true }, broken);
        }
        catch (OperationCanceledException)
        {
            await transport.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connects to a server that runs elsewhere.</summary>
    /// <exception cref="ChildFaultException">It did not answer as an MCP server does, or not in time.</exception>
    public static async Task<ChildLink> ConnectAsync(
        HttpClientTransport remote, TimeSpan limit, Action toolsChanged, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            return await WithinAsync(limit, clock, "connect", async token =>
            {
                var client = await McpClient.CreateAsync(remote, Options(), null, token);
                client.RegisterNotificationHandler(NotificationMethods.ToolListChangedNotification, (_, _) =>
                {
                    toolsChanged();
                    return default;
                });
                return new ChildLink(client, remote, null, null, clock);
            }, cancellationToken);
        }
        catch (Exception broken)
        {
            await remote.DisposeAsync();
            if (broken is not (McpException or IOException or HttpRequestException or JsonException or InvalidOperationException or ArgumentException))
                throw;
            throw new ChildFaultException(new Fault("remote_unreachable", $"the remote server did not answer: {PlainText.Quote(broken.Message)}"), transient: true, broken);
        }
    }

    private static McpClientOptions Options() => new()
    {
        ClientInfo = new Implementation { Name = "polyclaw", Version = typeof(ChildLink).Assembly.GetName().Version?.ToString(3) ?? "0" },
        // Our own limit is always the shorter one, and goes by our clock.
        InitializationTimeout = TimeSpan.FromHours(1),
    };

    private static async Task<T> WithinAsync<T>(
        TimeSpan limit, TimeProvider clock, string what, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(limit, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            // The token is asked to end the work; the wait ends in any case.
            return await work(both.Token).WaitAsync(both.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ChildFaultException(new Fault("child_timed_out", $"the server did not {what} within {limit.TotalSeconds:0.#} s"), transient: true);
        }
    }

    private static async Task<Fault> ExplainAsync(Exception broken, ChildTransport? transport, IChild? child, TimeProvider clock)
    {
        if (broken is ChildFaultException { Fault.Code: not "child_ended" } told)
            return told.Fault;
        if (transport is not null && child is not null && (broken is not McpException || transport.Ended.IsCompleted))
        {
            try
            {
                return await DescribeEndAsync(transport, child, clock).WaitAsync(TimeSpan.FromSeconds(2), clock);
            }
            catch (TimeoutException)
            {
                // It is not at its end; then the error itself is all there is to tell.
            }
        }

        return new Fault("child_failed", $"the server failed: {PlainText.Quote(broken.Message)}");
    }

    private static async Task<Fault> DescribeEndAsync(ChildTransport transport, IChild child, TimeProvider clock)
    {
        var reason = await transport.Ended;
        if (reason.Code != "child_ended")
            return reason;
        try
        {
            var exit = await child.Exited.WaitAsync(TimeSpan.FromSeconds(1), clock);
            var how = exit.OutOfMemory ? "its memory limit killed it" : $"it ended with exit code {exit.Code}";
            var words = child.ErrorTail.Length > ChildLimits.QuotedCharacters ? child.ErrorTail[^ChildLimits.QuotedCharacters..] : child.ErrorTail;
            words = PlainText.Quote(words).Trim();
            return new Fault("child_ended", $"the server died: {how}" + (words.Length > 0 ? $"; its last words: {words}" : ""));
        }
        catch (TimeoutException)
        {
            return reason;
        }
    }

    private static async Task<Fault> RemoteEndAsync(McpClient client)
    {
        var details = await client.Completion;
        return new Fault("child_ended", "the connection to the remote server ended" + (details.Exception is { } e ? $": {PlainText.Quote(e.Message)}" : ""));
    }
}

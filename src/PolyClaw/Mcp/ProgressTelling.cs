using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace PolyClaw.Mcp;

/// <summary>Tells a caller that asked for it how far its call is: in order, and not more than it can take.</summary>
internal sealed class ProgressTelling(McpServer server, ProgressToken? token)
{
    /// <summary>What may wait for a client that reads slowly; beyond it progress is left out, since newer progress follows.</summary>
    private const int MostWaiting = 16;

    private readonly Lock _telling = new();
    private Task _told = Task.CompletedTask;
    private int _waiting;

    /// <summary>Whether the caller asked to be told.</summary>
    public bool IsWanted => token is not null;

    /// <summary>Everything told so far is written; an answer that overtook it would make it worthless.</summary>
    public Task Told
    {
        get
        {
            lock (_telling)
                return _told;
        }
    }

    public void Tell(double progress, double? total, string? message)
    {
        if (token is not { } asked)
            return;
        lock (_telling)
        {
            if (_waiting >= MostWaiting)
                return;
            _waiting++;
            _told = NotifyAsync(_told, asked, new() { Progress = (float)progress, Total = (float?)total, Message = message });
        }
    }

    private async Task NotifyAsync(Task before, ProgressToken asked, ProgressNotificationValue value)
    {
        await before;
        try
        {
            await server.SendNotificationAsync(
                NotificationMethods.ProgressNotification, new ProgressNotificationParams { ProgressToken = asked, Progress = value },
                cancellationToken: CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or OperationCanceledException or ObjectDisposedException)
        {
            // The client is gone. What it asked for goes on without it.
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}

using System.Net.Sockets;
using PolyClaw.Core.Goals;

namespace PolyClaw.Instances;

/// <summary>Accepts connections on the home's socket. The journal's lock says that no other instance lives, so a socket that is there is a dead one's.</summary>
internal sealed partial class SocketListener(Home home, SocketSessions sessions, IHostApplicationLifetime life, ILogger<SocketListener> log) : BackgroundService
{
    private const int Backlog = 128;
    private const int MostConnections = 256;

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly SemaphoreSlim _room = new(MostConnections);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            File.Delete(home.Socket);
            _socket.Bind(new UnixDomainSocketEndPoint(home.Socket));
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(home.Socket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            _socket.Listen(Backlog);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            throw new HomeFaultException(new Fault("socket_failed", $"the instance cannot listen: {e.Message}", home.Socket, "set POLYCLAW_HOME to a folder that this user may write"));
        }

        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _socket.Dispose();
        _room.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                await _room.WaitAsync(stoppingToken);
                var client = await _socket.AcceptAsync(stoppingToken);
                open.RemoveAll(t => t.IsCompleted);
                open.Add(ServeAsync(client, stoppingToken));
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            File.Delete(home.Socket);
            await Task.WhenAll(open).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (SocketException e)
        {
            LogListenFailed(log, e);
            life.StopApplication();
        }
    }

    private async Task ServeAsync(Socket client, CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            await sessions.ServeAsync(client, stoppingToken);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            LogGone(log, e.Message);
        }
        catch (Exception e)
        {
            LogSessionFailed(log, e);
        }
        finally
        {
            client.Dispose();
            _room.Release();
        }
    }

    [LoggerMessage(LogLevel.Error, "The socket failed; the instance ends")]
    private static partial void LogListenFailed(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Debug, "A client went away: {Why}")]
    private static partial void LogGone(ILogger logger, string why);

    [LoggerMessage(LogLevel.Error, "A session failed")]
    private static partial void LogSessionFailed(ILogger logger, Exception exception);
}

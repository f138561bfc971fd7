using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using PolyClaw.Containers.Runtimes;

namespace PolyClaw.Containers.Tests.Engines;

/// <summary>
/// A socket between the runtime and its engine. Cutting it is, for the engine, what the death of PolyClaw is, and for PolyClaw what the
/// death of the engine is.
/// </summary>
internal sealed class EngineProxy : IAsyncDisposable
{
    private readonly string _engine;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly ConcurrentDictionary<Socket, string> _open = new();
    private readonly Task _accepting;

    public EngineProxy(string engine)
    {
        _engine = engine;
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "pc-" + Guid.NewGuid().ToString("N")[..12] + ".sock");
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen(64);
        _accepting = AcceptAsync();
    }

    public string Path { get; }

    public DockerEndpoint Endpoint => new(new("unix://" + Path), "a proxy");

    /// <summary>New connections are closed at once.</summary>
    public bool Refuses { get; set; }

    /// <summary>Requests whose first line was seen, in order.</summary>
    public ConcurrentQueue<string> Seen { get; } = new();

    /// <summary>Cuts the open connections whose first line holds a text.</summary>
    public int Cut(string text)
    {
        var cut = 0;
        foreach (var (socket, _) in _open.Where(pair => pair.Value.Contains(text, StringComparison.Ordinal)))
        {
            if (_open.TryRemove(socket, out _))
                cut++;
            socket.Dispose();
        }
        return cut;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        Cut("");
        await _accepting;
        File.Delete(Path);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync();
                if (Refuses)
                    client.Dispose();
                else
                    _ = ServeAsync(client);
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // Disposed: the end of the proxy.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var engine = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await engine.ConnectAsync(new UnixDomainSocketEndPoint(_engine));
            var first = new byte[8192];
            var count = await client.ReceiveAsync(first);
            var line = Encoding.ASCII.GetString(first, 0, count).Split('\r')[0];
            Seen.Enqueue(line);
            _open[client] = line;
            await engine.SendAsync(first.AsMemory(0, count));
            var (up, down) = (CopyAsync(client, engine), CopyAsync(engine, client));
            // A client that was cut fails the way up; one that closed its half still waits for what comes down.
            await await Task.WhenAny(up, down);
            await down;
        }
        catch (Exception cut) when (cut is SocketException or ObjectDisposedException)
        {
            // Cut by the test, or by either side.
        }
        finally
        {
            _open.TryRemove(client, out _);
            client.Dispose();
        }
    }

    private static async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReceiveAsync(buffer) is var count and > 0)
            await to.SendAsync(buffer.AsMemory(0, count));
        to.Shutdown(SocketShutdown.Send);
    }
}

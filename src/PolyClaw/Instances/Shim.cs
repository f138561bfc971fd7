using System.Net.Sockets;

namespace PolyClaw.Instances;

/// <summary>
/// What a client starts: finds or starts the instance and copies bytes. It owns nothing, so its end costs nothing. Two plain threads and
/// blocking calls, for it is started often: a thread pool and an event loop would take longer to come up than all else it does.
/// </summary>
internal static class Shim
{
    private const int Chunk = 64 * 1024;
    private const int SmallStack = 256 * 1024;

    /// <summary>Copies until the client ends its input, or the instance goes.</summary>
    /// <returns>0 when the client ended it; 1 when the instance went.</returns>
    public static async Task<int> RunAsync(Home home, Stream input, Stream output, Action<string> tell)
    {
        await using var connection = await InstanceConnection.OpenAsync(home, Preface.Mcp, start: true, CancellationToken.None);
        if (connection.Answer.Note is { } note)
            tell(note);
        var instance = connection.Stream;
        var saidAll = false;
        var up = new Thread(CopyUp, SmallStack) { IsBackground = true };
        up.Start();
        if (Copy(instance, output) == Broken.Writing || Volatile.Read(ref saidAll))
            return 0;
        tell("the PolyClaw instance has gone; its runs lie in the journal and go on when it is started again (any 'polyclaw' command does that)");
        return 1;

        void CopyUp()
        {
            if (Copy(input, instance) != Broken.Reading)
                return;
            // The client has said all. What it asked for is answered yet, if it still listens.
            Volatile.Write(ref saidAll, true);
            EndSending(instance.Socket);
        }
    }

    /// <summary>Copies until one side is at its end or gone, and tells which.</summary>
    private static Broken Copy(Stream from, Stream to)
    {
        var buffer = new byte[Chunk];
        while (true)
        {
            int read;
            try
            {
                read = from.Read(buffer);
            }
            catch (IOException)
            {
                return Broken.Reading;
            }

            if (read == 0)
                return Broken.Reading;
            try
            {
                to.Write(buffer, 0, read);
                to.Flush();
            }
            catch (IOException)
            {
                return Broken.Writing;
            }
        }
    }

    private static void EndSending(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The instance went first; who reads from it learns so.
        }
    }

    private enum Broken
    {
        Reading,
        Writing,
    }
}

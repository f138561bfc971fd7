using System.Buffers;
using System.Net.Sockets;

namespace PolyClaw.Instances;

/// <summary>What a client starts: finds or starts the instance and copies bytes. It owns nothing, so its end costs nothing.</summary>
internal static class Shim
{
    private const int Chunk = 64 * 1024;

    /// <summary>Copies until the client ends its input, or the instance goes.</summary>
    /// <returns>0 when the client ended it; 1 when the instance went.</returns>
    public static async Task<int> RunAsync(Home home, Stream input, Stream output, Action<string> tell, CancellationToken cancellationToken)
    {
        await using var connection = await InstanceConnection.OpenAsync(home, Preface.Mcp, start: true, cancellationToken);
        if (connection.Answer.Note is { } note)
            tell(note);
        var instance = connection.Stream;
        var down = CopyAsync(instance, output, cancellationToken);
        var up = CopyAsync(input, instance, cancellationToken);
        if (await Task.WhenAny(up, down) == up && await up == Broken.Reading)
        {
            // The client has said all. What it asked for is answered yet, if it still listens.
            instance.Socket.Shutdown(SocketShutdown.Send);
            await down;
            return 0;
        }

        if (down.IsCompleted && await down == Broken.Writing)
            return 0;
        tell("the PolyClaw instance has gone; its runs lie in the journal and go on when it is started again (any 'polyclaw' command does that)");
        return 1;
    }

    /// <summary>Copies until one side is at its end or gone, and tells which.</summary>
    private static async Task<Broken> CopyAsync(Stream from, Stream to, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Chunk);
        try
        {
            while (true)
            {
                int read;
                try
                {
                    read = await from.ReadAsync(buffer, cancellationToken);
                }
                catch (IOException)
                {
                    return Broken.Reading;
                }

                if (read == 0)
                    return Broken.Reading;
                try
                {
                    await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                    await to.FlushAsync(cancellationToken);
                }
                catch (IOException)
                {
                    return Broken.Writing;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private enum Broken
    {
        Reading,
        Writing,
    }
}

using System.Net.Sockets;

namespace PolyClaw.Instances;

/// <summary>Reads the first line of a connection and not a byte more: looks at what has come, and takes of it what belongs to the line.</summary>
internal static class FirstLine
{
    private const int Look = 4 * 1024;

    /// <summary>The line without its end, or nothing when the connection ended or the line is too long.</summary>
    public static async Task<byte[]?> ReadAsync(Socket socket, int longest, CancellationToken cancellationToken)
    {
        var line = new List<byte>();
        var buffer = new byte[Look];
        while (line.Count <= longest)
        {
            var seen = await socket.ReceiveAsync(buffer, SocketFlags.Peek, cancellationToken);
            var mine = Mine(buffer, seen);
            if (mine == 0)
                return null;
            // What was seen is there: this takes it at once and whole.
            await socket.ReceiveAsync(buffer.AsMemory(0, mine), SocketFlags.None, cancellationToken);
            if (IsWhole(line, buffer.AsSpan(0, mine)))
                return line.Count <= longest ? [.. line] : null;
        }

        return null;
    }

    /// <summary>The same, with blocking calls.</summary>
    public static byte[]? Read(Socket socket, int longest)
    {
        var line = new List<byte>();
        Span<byte> buffer = stackalloc byte[Look];
        while (line.Count <= longest)
        {
            var mine = Mine(buffer, socket.Receive(buffer, SocketFlags.Peek));
            if (mine == 0)
                return null;
            socket.Receive(buffer[..mine], SocketFlags.None);
            if (IsWhole(line, buffer[..mine]))
                return line.Count <= longest ? [.. line] : null;
        }

        return null;
    }

    private static int Mine(ReadOnlySpan<byte> buffer, int seen) =>
        buffer[..seen].IndexOf((byte)'\n') is >= 0 and var end ? end + 1 : seen;

    private static bool IsWhole(List<byte> line, ReadOnlySpan<byte> taken)
    {
        var ends = taken[^1] == (byte)'\n';
        line.AddRange(ends ? taken[..^1] : taken);
        return ends;
    }
}

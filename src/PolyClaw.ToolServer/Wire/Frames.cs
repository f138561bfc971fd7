using System.Buffers.Binary;

namespace PolyClaw.ToolServer.Wire;

/// <summary>Messages with their length before them: four bytes, little-endian, then that many bytes.</summary>
internal static class Frames
{
    private const int PrefixBytes = sizeof(int);

    /// <summary>Writes one frame and flushes it.</summary>
    public static async ValueTask WriteAsync(Stream stream, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Prefix(payload.Length), cancellationToken);
        await stream.WriteAsync(payload, cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    /// <summary>Writes one frame and flushes it, for a thread that has nothing else to do.</summary>
    public static void Write(Stream stream, ReadOnlySpan<byte> payload)
    {
        stream.Write(Prefix(payload.Length));
        stream.Write(payload);
        stream.Flush();
    }

    /// <summary>The next frame; null where the stream ends between two.</summary>
    /// <exception cref="InvalidDataException">The frame says that it is longer than <paramref name="maxBytes"/>.</exception>
    /// <exception cref="EndOfStreamException">The stream ends within a frame.</exception>
    public static async ValueTask<byte[]?> ReadAsync(Stream stream, int maxBytes, CancellationToken cancellationToken)
    {
        var prefix = new byte[PrefixBytes];
        var read = await stream.ReadAtLeastAsync(prefix, PrefixBytes, throwOnEndOfStream: false, cancellationToken);
        if (read == 0)
        {
            return null;
        }

        if (read < PrefixBytes)
        {
            throw new EndOfStreamException("the stream ends within a frame's length");
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(prefix);
        if (length < 0 || length > maxBytes)
        {
            throw new InvalidDataException($"a frame of {length} bytes came; {maxBytes} are allowed");
        }

        var payload = new byte[length];
        await stream.ReadExactlyAsync(payload, cancellationToken);
        return payload;
    }

    private static byte[] Prefix(int length)
    {
        var prefix = new byte[PrefixBytes];
        BinaryPrimitives.WriteInt32LittleEndian(prefix, length);
        return prefix;
    }
}

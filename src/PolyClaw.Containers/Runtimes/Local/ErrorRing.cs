using System.Text;

namespace PolyClaw.Containers.Runtimes.Local;

/// <summary>Reads a child's stderr to its end and keeps the last of it. An unread stderr would stop the child; a kept one would fill our memory.</summary>
internal sealed class ErrorRing
{
    /// <summary>Bytes kept: 256 KiB.</summary>
    public const int Bytes = 256 * 1024;

    private readonly Lock _lock = new();
    private readonly byte[] _ring = new byte[Bytes];
    private long _written;

    /// <summary>Starts to read.</summary>
    public ErrorRing(Stream stderr) => Ended = ReadAsync(stderr);

    /// <summary>Completes at the end of the stream.</summary>
    public Task Ended { get; }

    /// <summary>What is kept, as it came.</summary>
    public override string ToString()
    {
        lock (_lock)
        {
            var kept = (int)Math.Min(_written, Bytes);
            var start = (int)((_written - kept) % Bytes);
            var first = Math.Min(kept, Bytes - start);
            byte[] bytes = [.. _ring.AsSpan(start, first), .. _ring.AsSpan(0, kept - first)];
            return Encoding.UTF8.GetString(bytes);
        }
    }

    private async Task ReadAsync(Stream stderr)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await stderr.ReadAsync(buffer) is var read and > 0)
                Keep(buffer.AsSpan(0, read));
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The child's end, seen from here.
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            var at = (int)(_written % Bytes);
            var first = Math.Min(bytes.Length, Bytes - at);
            bytes[..first].CopyTo(_ring.AsSpan(at));
            bytes[first..].CopyTo(_ring);
            _written += bytes.Length;
        }
    }
}

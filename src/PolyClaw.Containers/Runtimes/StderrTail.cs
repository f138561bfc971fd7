using System.Text;

namespace PolyClaw.Containers.Runtimes;

/// <summary>The last of a child's stderr: a ring that never grows past its size and is read as text.</summary>
internal sealed class StderrTail
{
    /// <summary>Bytes kept: 256 KiB.</summary>
    public const int Capacity = 256 * 1024;

    private readonly Lock _gate = new();
    private byte[] _ring = new byte[4096];
    private long _written;

    /// <summary>Takes what came. The oldest bytes make room.</summary>
    /// <param name="bytes">What came.</param>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            _written += Math.Max(0, bytes.Length - Capacity);
            bytes = bytes[Math.Max(0, bytes.Length - Capacity)..];
            Grow(bytes.Length);
            var at = (int)(_written % _ring.Length);
            var first = Math.Min(bytes.Length, _ring.Length - at);
            bytes[..first].CopyTo(_ring.AsSpan(at));
            bytes[first..].CopyTo(_ring);
            _written += bytes.Length;
        }
    }

    /// <summary>What is kept, as UTF-8 text; broken sequences, the first cut one among them, show as U+FFFD.</summary>
    public override string ToString()
    {
        lock (_gate)
        {
            if (_written <= _ring.Length)
                return Encoding.UTF8.GetString(_ring, 0, (int)_written);
            var at = (int)(_written % _ring.Length);
            var bytes = new byte[_ring.Length];
            _ring.AsSpan(at).CopyTo(bytes);
            _ring.AsSpan(0, at).CopyTo(bytes.AsSpan(_ring.Length - at));
            return Encoding.UTF8.GetString(bytes);
        }
    }

    // Most children say a few lines: the ring starts small and doubles until it is full size, and only then wraps.
    private void Grow(int more)
    {
        var need = Math.Min(_written + more, Capacity);
        if (need <= _ring.Length)
            return;
        var size = _ring.Length;
        while (size < need)
            size *= 2;
        Array.Resize(ref _ring, Math.Min(size, Capacity));
    }
}

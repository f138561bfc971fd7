namespace PolyClaw.Containers.Tests;

/// <summary>A stream without a line end, as long as it is read.</summary>
internal sealed class Flood(long length = long.MaxValue) : MemoryStream
{
    public long Given { get; private set; }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = (int)Math.Min(buffer.Length, length - Given);
        buffer.Span[..count].Fill((byte)'x');
        Given += count;
        return ValueTask.FromResult(count);
    }
}

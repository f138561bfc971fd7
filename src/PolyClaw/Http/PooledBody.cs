using System.Buffers;

namespace PolyClaw.Http;

/// <summary>A request's body in memory from the pool.</summary>
internal sealed class PooledBody(byte[] rented) : IDisposable
{
    private byte[]? _rented = rented;

    public int Length { get; set; }

    /// <summary>Run once, when the memory goes back.</summary>
    public Action? OnDispose { get; set; }

    public bool IsLarge => OnDispose is not null;

    public ReadOnlyMemory<byte> Bytes => _rented.AsMemory(0, Length);

    public Memory<byte> Free => _rented.AsMemory(Length);

    public void Grow(int atMost)
    {
        var rented = _rented!;
        var grown = ArrayPool<byte>.Shared.Rent(Math.Max(rented.Length + 1, Math.Min(rented.Length * 2, atMost)));
        Bytes.CopyTo(grown);
        ArrayPool<byte>.Shared.Return(rented);
        _rented = grown;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _rented, null) is not { } rented)
            return;
        ArrayPool<byte>.Shared.Return(rented);
        OnDispose?.Invoke();
    }
}

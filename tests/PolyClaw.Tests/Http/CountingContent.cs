using System.Net;

namespace PolyClaw.Tests.Http;

/// <summary>A body of spaces that counts what the other side took of it.</summary>
internal sealed class CountingContent(long length) : HttpContent
{
    private long _sent;

    public long Sent => Interlocked.Read(ref _sent);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var piece = new byte[64 * 1024];
        piece.AsSpan().Fill((byte)' ');
        while (_sent < length)
        {
            await stream.WriteAsync(piece);
            Interlocked.Add(ref _sent, piece.Length);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}

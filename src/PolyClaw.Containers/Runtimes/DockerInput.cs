using System.Net.Sockets;
using System.Runtime.InteropServices;
using Docker.DotNet;

namespace PolyClaw.Containers.Runtimes;

/// <summary>A child's stdin over its attach stream. Closing it is end of input for the child and leaves its output open.</summary>
internal sealed class DockerInput(MultiplexedStream attached, Task ended) : Stream
{
    private int _closed;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => _closed == 0;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // The engine takes bytes for a dead child without a word: the end of the child must tell.
        if (_closed != 0 || ended.IsCompleted)
            throw new IOException("the child has ended: its input is closed");
        var bytes = MemoryMarshal.TryGetArray(buffer, out var segment) ? segment : new(buffer.ToArray());
        try
        {
            await attached.WriteAsync(bytes.Array!, bytes.Offset, bytes.Count, cancellationToken);
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            throw new IOException("the child has ended: its input is closed", broken);
        }
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("write asynchronously");

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0 && disposing)
        {
            try
            {
                attached.CloseWrite();
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException or IOException)
            {
                // The engine hung up first: that is end of input as well.
            }
        }
        base.Dispose(disposing);
    }
}

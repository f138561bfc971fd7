using System.Net.Security;
using System.Net.Sockets;
using Docker.DotNet.Handler.Abstractions;
using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Engines;

/// <summary>One encrypted connection to an engine, whose two directions end apart: end of input leaves the output open.</summary>
internal sealed class TlsConnection(SslStream stream, Socket socket, Uri endpoint) : WriteClosableStream
{
    private bool _answered;

    /// <inheritdoc/>
    public override bool CanCloseWrite => true;

    /// <inheritdoc/>
    public override bool CanRead => stream.CanRead;

    /// <inheritdoc/>
    public override bool CanWrite => stream.CanWrite;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The engine did not take our certificate.</summary>
    /// <param name="endpoint">Where it is.</param>
    /// <param name="cause">How it said so.</param>
    public static EngineTlsException Refused(Uri endpoint, Exception cause)
    {
        while (cause.InnerException is { } inner)
            cause = inner;
        return new EngineTlsException(
            new Fault("engine_refuses_us", $"the engine at {endpoint} does not take this instance's certificate: {Runtimes.DockerFaults.OneLine(cause.Message)}", Fix: "CertFile is a client's certificate that the engine's authority signed, and has not ended"),
            cause);
    }

    /// <inheritdoc/>
    public override void CloseWrite() => _ = CloseWriteAsync();

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var read = await stream.ReadAsync(buffer, cancellationToken);
            _answered = true;
            return read;
        }
        catch (IOException refused) when (!_answered && refused.InnerException is not SocketException)
        {
            // With TLS 1.3 the engine judges our certificate after the greeting: its first word is the refusal.
            throw Refused(endpoint, refused);
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => stream.WriteAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => stream.WriteAsync(buffer, offset, count, cancellationToken);

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => stream.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override void Flush() => stream.Flush();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => stream.Read(buffer, offset, count);

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => stream.Write(buffer, offset, count);

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            stream.Dispose();
        base.Dispose(disposing);
    }

    // Encryption has an end of its own, which the engine takes for end of input; the connection's end says it again to one that does not listen.
    private async Task CloseWriteAsync()
    {
        try
        {
            await stream.ShutdownAsync();
        }
        catch (Exception busy) when (busy is IOException or InvalidOperationException or NotSupportedException)
        {
            // A write is under way, or the engine has hung up (disposed is an InvalidOperationException): the connection's end must do.
        }

        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The engine hung up first: that is end of input as well.
        }
    }
}

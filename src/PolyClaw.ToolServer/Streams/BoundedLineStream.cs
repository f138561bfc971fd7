namespace PolyClaw.ToolServer.Streams;

/// <summary>
/// Input in which no line may be longer than a limit. The SDK's reader has no limit of its own, so it is given this
/// stream: it never gets more than <paramref name="maxLineBytes"/> bytes without a line end. Past that the stream is at
/// its end, for good, and <see cref="Fault"/> says why. Not safe for two readers at once.
/// </summary>
internal sealed class BoundedLineStream(Stream inner, int maxLineBytes) : Stream
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private readonly CancellationTokenSource _ended = new();
    private int _lineBytes;

    /// <summary>Cancelled when there is no more to read: calls still running have nobody to answer.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Why reading ended before the input did; null while it has not.</summary>
    public LineTooLongException? Fault { get; private set; }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>The first line, without its end, which has a limit of its own; null if the input is empty.</summary>
    /// <exception cref="LineTooLongException">It is longer than <paramref name="maxBytes"/>.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadLineAsync(int maxBytes, CancellationToken cancellationToken)
    {
        using var line = new MemoryStream();
        while (_start < _end || await FillAsync(cancellationToken) > 0)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            var taken = length < 0 ? _end - _start : length;
            if (line.Length + taken > maxBytes)
            {
                throw new LineTooLongException(maxBytes);
            }

            line.Write(_buffer, _start, taken);
            _start += taken;
            if (length >= 0)
            {
                _start++;
                return Taken(line);
            }
        }

        return line.Length == 0 ? (ReadOnlyMemory<byte>?)null : Taken(line);

        static ReadOnlyMemory<byte> Taken(MemoryStream line) => line.GetBuffer().AsMemory(0, (int)line.Length);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        if (Fault is not null || (_start == _end && await FillAsync(cancellationToken) == 0))
        {
            await _ended.CancelAsync();
            return 0;
        }

        var taken = Math.Min(buffer.Length, _end - _start);
        var chunk = _buffer.AsSpan(_start, taken);
        if (!Fits(chunk))
        {
            Fault = new LineTooLongException(maxLineBytes);
            await _ended.CancelAsync();
            return 0;
        }

        chunk.CopyTo(buffer.Span);
        _start += taken;
        return taken;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private bool Fits(ReadOnlySpan<byte> chunk)
    {
        while (!chunk.IsEmpty)
        {
            var end = chunk.IndexOf((byte)'\n');
            _lineBytes += end < 0 ? chunk.Length : end;
            if (_lineBytes > maxLineBytes)
            {
                return false;
            }

            if (end < 0)
            {
                return true;
            }

            _lineBytes = 0;
            chunk = chunk[(end + 1)..];
        }

        return true;
    }

    private async ValueTask<int> FillAsync(CancellationToken cancellationToken)
    {
        _start = 0;
        _end = await inner.ReadAsync(_buffer, cancellationToken);
        return _end;
    }
}

using System.Buffers;

namespace PolyClaw.Mcp.Wire;

/// <summary>Cuts a stream of bytes into lines and never holds more than the longest line allowed and one read.</summary>
internal sealed class LineBuffer(Stream source, int maxLine) : IDisposable
{
    private const int ReadSize = 16 * 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(ReadSize);
    private int _start;
    private int _scanned;
    private int _end;
    private bool _ended;

    /// <summary>How many bytes were taken from the source.</summary>
    public long Consumed { get; private set; }

    /// <summary>
    /// The next line without its break; valid until the next call. The last line may lack its break. Null at the end of the source.
    /// </summary>
    /// <exception cref="InvalidDataException">The line is longer than allowed.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var feed = _bytes.AsSpan(_scanned, _end - _scanned).IndexOf((byte)'\n');
            if (feed >= 0)
                return Take(_scanned + feed, 1);
            _scanned = _end;
            if (_end - _start > maxLine)
                throw new InvalidDataException($"The line is longer than {maxLine} bytes.");
            if (_ended)
                return _end == _start ? default(ReadOnlyMemory<byte>?) : Take(_end, 0); // A bare null would become an empty line.

            MakeRoom();
            // However large the pool's array is, no more is read than decides whether the line is too long.
            var wanted = Math.Min(_bytes.Length - _end, Math.Max(maxLine + 1 - (_end - _start), 1));
            var read = await source.ReadAsync(_bytes.AsMemory(_end, wanted), cancellationToken);
            _ended = read == 0;
            _end += read;
            Consumed += read;
        }
    }

    public void Dispose()
    {
        if (_bytes.Length == 0)
            return;
        ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _start, _scanned, _end, _ended) = ([], 0, 0, 0, true);
    }

    private ReadOnlyMemory<byte> Take(int end, int feed)
    {
        if (end - _start > maxLine)
            throw new InvalidDataException($"The line is longer than {maxLine} bytes.");
        var line = _bytes.AsMemory(_start, end - _start);
        _start = _scanned = end + feed;
        return line;
    }

    private void MakeRoom()
    {
        if (_start == _end)
        {
            _start = _scanned = _end = 0;
            if (_bytes.Length > ReadSize * 4)
            {
                // One long line does not hold its memory for the rest of the session.
                ArrayPool<byte>.Shared.Return(_bytes);
                _bytes = ArrayPool<byte>.Shared.Rent(ReadSize);
            }
        }

        if (_end < _bytes.Length)
            return;
        var bytes = _start > _bytes.Length / 2 ? _bytes : ArrayPool<byte>.Shared.Rent(Math.Min(_bytes.Length * 2, maxLine + ReadSize));
        _bytes.AsSpan(_start, _end - _start).CopyTo(bytes);
        if (bytes != _bytes)
            ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _scanned, _end, _start) = (bytes, _end - _start, _end - _start, 0);
    }
}

using System.Buffers;

namespace PolyClaw.Containers.Children.Wire;

/// <summary>
/// Reads a child's stdout by lines and never holds more than one line's limit. The SDK's own reader has no limit: a child that
/// writes no newline would fill our memory.
/// </summary>
internal sealed class BoundedLines(Stream stream, int maxLineBytes) : IDisposable
{
    private const int UsualBytes = 16 * 1024;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(UsualBytes);
    private int _start;
    private int _searched;
    private int _end;
    private bool _ended;

    /// <summary>The line read last, without its line end. Valid until the next read.</summary>
    public ReadOnlyMemory<byte> Current { get; private set; }

    /// <summary>Reads the next line. A last line without a line end counts.</summary>
    /// <returns>False at the end of the stream.</returns>
    /// <exception cref="ChildFaultException">A line is longer than the limit.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        Current = default;
        while (true)
        {
            var newline = _buffer.AsSpan(_searched.._end).IndexOf((byte)'\n');
            var length = (newline < 0 ? _end : _searched + newline) - _start;
            if (length > maxLineBytes)
                throw new ChildFaultException(TooLong());
            if (newline >= 0)
            {
                Take(length, lineEnd: 1);
                return true;
            }

            _searched = _end;
            if (_ended)
            {
                Take(length, lineEnd: 0);
                return length > 0;
            }

            MakeRoom();
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            _ended = read == 0;
            _end += read;
        }
    }

    /// <summary>Gives the buffer back. Only when no read is under way.</summary>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _start = _searched = _end = 0;
    }

    private void Take(int length, int lineEnd)
    {
        var line = _buffer.AsMemory(_start, length);
        Current = line.Span is [.., (byte)'\r'] ? line[..^1] : line;
        _start = _searched = _start + length + lineEnd;
    }

    private void MakeRoom()
    {
        var held = _end - _start;
        if (held == 0 && _buffer.Length > UsualBytes * 4)
        {
            // One large answer must not keep its buffer for the child's whole life.
            Swap(UsualBytes, held);
        }
        else if (_end < _buffer.Length)
        {
            return;
        }
        else if (_start > 0 && held <= _buffer.Length / 2)
        {
            _buffer.AsSpan(_start, held).CopyTo(_buffer);
        }
        else
        {
            // Room for the limit, a line end, and one byte that shows the limit passed.
            Swap(Math.Min(_buffer.Length * 2, Math.Max(maxLineBytes + 2, held + 1)), held);
        }

        (_start, _searched, _end) = (0, held, held);
    }

    private void Swap(int size, int held)
    {
        var next = ArrayPool<byte>.Shared.Rent(size);
        _buffer.AsSpan(_start, held).CopyTo(next);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = next;
    }

    private Core.Goals.Fault TooLong() => new(
        "child_line_too_long",
        $"the server wrote more than {maxLineBytes} bytes without a line end",
        Fix: "a message of an MCP server is one line of at most 4 MiB");
}

using System.Text.Json;

namespace PolyClaw.Mcp.Wire;

/// <summary>
/// The writing side of <see cref="GuardedStdio"/>: lines of the library and of the guard reach the client one after the other, each whole,
/// and an answer that goes out frees its request's id.
/// </summary>
internal sealed class GuardedOutput(Stream target, InFlightRequests inFlight) : Stream
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly MemoryStream _unfinished = new();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Writes one line of the guard's own, between two of the library's; <paramref name="line"/> has no line break.</summary>
    public async ValueTask WriteLineAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        var whole = new byte[line.Length + 1];
        line.CopyTo(whole);
        whole[^1] = (byte)'\n';
        await WriteWholeAsync(whole, cancellationToken);
        await FlushAsync(cancellationToken);
    }

    /// <summary>Takes any piece of a line; only the library's one writer calls it.</summary>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var end = buffer.Span.LastIndexOf((byte)'\n') + 1;
        if (end > 0)
        {
            _unfinished.Write(buffer.Span[..end]);
            var lines = new ReadOnlyMemory<byte>(_unfinished.GetBuffer(), 0, (int)_unfinished.Length);
            FreeAnswered(lines.Span);
            await WriteWholeAsync(lines, cancellationToken);
            Reset();
        }

        _unfinished.Write(buffer.Span[end..]);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => target.FlushAsync(cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            target.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask WriteWholeAsync(ReadOnlyMemory<byte> lines, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // Not cancelled half-way: the rest of the line would be missing for good.
            await target.WriteAsync(lines, CancellationToken.None);
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Reset()
    {
        _unfinished.SetLength(0);
        if (_unfinished.Capacity > 256 * 1024)
            _unfinished.Capacity = 0;
    }

    private void FreeAnswered(ReadOnlySpan<byte> lines)
    {
        foreach (var range in lines.Split((byte)'\n'))
        {
            if (!lines[range].IsEmpty && AnsweredId(lines[range]) is { IsPresent: true } id)
                inFlight.End(id);
        }
    }

    /// <summary>The id of a response; reads no further than it must.</summary>
    private static RpcId AnsweredId(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 1024 });
        var (id, answers) = (default(RpcId), false);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName && !(answers && id.IsPresent))
        {
            if (reader.ValueTextEquals("method"u8))
                return default;
            var isId = reader.ValueTextEquals("id"u8);
            answers |= reader.ValueTextEquals("result"u8) || reader.ValueTextEquals("error"u8);
            if (answers && id.IsPresent)
                return id;
            reader.Read();
            if (isId && reader.TokenType == JsonTokenType.String)
                id = new RpcId(reader.GetString()!);
            else if (isId && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number))
                id = new RpcId(number);
            reader.Skip();
        }

        return answers ? id : default;
    }
}

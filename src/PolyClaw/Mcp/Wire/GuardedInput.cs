namespace PolyClaw.Mcp.Wire;

/// <summary>The reading side of <see cref="GuardedStdio"/>.</summary>
internal sealed partial class GuardedInput(
    Stream source, GuardedOutput output, InFlightRequests inFlight, StdioLimits limits, ILogger<GuardedStdio> log) : ReadOnlyStream
{
    private static readonly byte[] LineBreak = [(byte)'\n'];

    private readonly LineBuffer _lines = new(source, limits.MaxLineBytes);
    private ReadOnlyMemory<byte> _line;
    private bool _breakDue;
    private bool _ended;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
            return 0;
        while (_line.IsEmpty && !_breakDue)
        {
            if (_ended)
                return 0;
            await NextAsync(cancellationToken);
        }

        var count = Math.Min(_line.Length, buffer.Length);
        _line.Span[..count].CopyTo(buffer.Span);
        _line = _line[count..];
        if (!_line.IsEmpty || count == buffer.Length)
            return count;
        LineBreak.CopyTo(buffer.Span[count..]);
        _breakDue = false;
        return count + 1;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _ended = true;
            source.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Reads one line; leaves it to be handed on if it is good, answers it if it is not.</summary>
    private async ValueTask NextAsync(CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte>? next;
        try
        {
            next = await _lines.ReadAsync(cancellationToken);
        }
        catch (InvalidDataException)
        {
            await EndAsync(cancellationToken);
            return;
        }

        if (next is not { } line)
        {
            _ended = true;
            _lines.Dispose();
            // The library drops what is unanswered when its input ends.
            await Task.WhenAny(inFlight.NoneAsync(), Task.Delay(limits.AnswerAfterEnd, TimeProvider.System, cancellationToken));
            return;
        }

        if (line.Span.StartsWith("\uFEFF"u8))
            line = line[3..];
        if (line.Span.IndexOfAnyExcept(" \t\r"u8) < 0)
            return;
        if (await JudgeAsync(line, cancellationToken))
            (_line, _breakDue) = (line, true);
    }

    private async ValueTask<bool> JudgeAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        var verdict = StrictJsonRpc.Check(line.Span);
        var fault = verdict.Fault;
        if (fault is null && verdict.Kind == RpcKind.Request)
            fault = inFlight.Begin(verdict.Id);
        if (fault is null)
        {
            // The library answers a cancelled request or does not; either way its id is free again.
            if (verdict.Cancels.IsPresent)
                inFlight.End(verdict.Cancels);
            return true;
        }

        LogRefused(fault.Code, fault.Message, line.Length);
        // A broken response is answered to nobody: an error about an answer would be taken for one.
        if (verdict.Kind != RpcKind.Response)
            await output.WriteLineAsync(RpcErrors.Answer(verdict.Id, fault), cancellationToken);
        return false;
    }

    private async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        _ended = true;
        _lines.Dispose();
        LogTooLong(limits.MaxLineBytes);
        var fault = new RpcFault(
            RpcCodes.InvalidRequest, $"A line is longer than {limits.MaxLineBytes} bytes; the session ends.", null, "Send shorter messages, each ended by a line break.");
        await output.WriteLineAsync(RpcErrors.Answer(default, fault), cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "Refused a line of {Bytes} bytes with {Code}: {Reason}")]
    private partial void LogRefused(int code, string reason, int bytes);

    [LoggerMessage(LogLevel.Error, "A client sent a line of more than {Limit} bytes; its session ends")]
    private partial void LogTooLong(int limit);
}

namespace PolyClaw.Containers.Runtimes.Local;

/// <summary>Reads a child's stderr to its end and keeps the last of it. An unread stderr would stop the child; a kept one would fill our memory.</summary>
internal sealed class ErrorRing
{
    private readonly StderrTail _tail = new();

    /// <summary>Starts to read.</summary>
    public ErrorRing(Stream stderr) => Ended = ReadAsync(stderr);

    /// <summary>Completes at the end of the stream.</summary>
    public Task Ended { get; }

    /// <summary>What is kept, as it came.</summary>
    public override string ToString() => _tail.ToString();

    private async Task ReadAsync(Stream stderr)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await stderr.ReadAsync(buffer) is var read and > 0)
                _tail.Append(buffer.AsSpan(0, read));
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The child's end, seen from here.
        }
    }
}

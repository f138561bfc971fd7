using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Docker.DotNet;

namespace PolyClaw.Containers.Runtimes;

/// <summary>
/// Takes a child's output off its attach stream: stdout into a pipe that holds 256 KiB and then makes the child wait, stderr into a tail.
/// Runs whether or not anybody reads stdout, so that a child which fails at once can say why.
/// </summary>
internal sealed class DockerOutput : IDisposable
{
    private const int PauseAt = 256 * 1024;

    private readonly MultiplexedStream _attached;
    private readonly Pipe _stdout = new(new(pauseWriterThreshold: PauseAt, resumeWriterThreshold: PauseAt / 2, useSynchronizationContext: false));
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Takes hold of the stream; nothing is read before <see cref="Start"/>.</summary>
    /// <param name="attached">The attach stream.</param>
    public DockerOutput(MultiplexedStream attached)
    {
        _attached = attached;
        Stdout = _stdout.Reader.AsStream();
    }

    /// <summary>The child's stdout.</summary>
    public Stream Stdout { get; }

    /// <summary>The last of the child's stderr.</summary>
    public StderrTail Stderr { get; } = new();

    /// <summary>Completes when the stream has ended, however it ended. Never fails.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Begins to read.</summary>
    public void Start() => Ended = PumpAsync(_stop.Token);

    /// <summary>Ends the reading; what was read stays readable.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _attached.Dispose();
    }

    private async Task PumpAsync(CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            while (await _attached.ReadOutputAsync(buffer, 0, buffer.Length, cancellationToken) is { EOF: false } read)
            {
                if (read.Target is MultiplexedStream.TargetStream.StandardError)
                    Stderr.Append(buffer.AsSpan(0, read.Count));
                else
                    await _stdout.Writer.WriteAsync(buffer.AsMemory(0, read.Count), cancellationToken);
            }
        }
        catch (Exception broken) when (broken is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // We hung up, or the engine did. Either way this is the end of the stream; how the child ended is told by the events.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            await _stdout.Writer.CompleteAsync();
        }
    }
}

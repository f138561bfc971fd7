using System.Diagnostics;

namespace PolyClaw.Bench.Peers;

/// <summary>A program that speaks lines on its standard streams.</summary>
internal sealed class LineServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly TaskCompletionSource<string> _firstComplaint = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _lastComplaint = "";

    private LineServer(Process process) => _process = process;

    public int Pid => _process.Id;

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    public static LineServer Start(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (environment is not null)
        {
            start.Environment.Clear();
            foreach (var (name, value) in environment)
                start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        var server = new LineServer(process);
        // Read by hand: Process would wait at the end for everybody who holds stderr, and a shim's instance does.
        _ = server.HearComplaintsAsync();
        return server;
    }

    /// <summary>Milliseconds from before the program's start to its answer to the last of the lines.</summary>
    public static async Task<double> TimeStartAsync(
        string program, IReadOnlyList<string> arguments, IReadOnlyList<string> lines, IReadOnlyDictionary<string, string>? environment, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        await using var server = Start(program, arguments, environment);
        foreach (var line in lines)
            await server.WriteAsync(line, cancellationToken);
        await server.ReadAnswerAsync(cancellationToken);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    public async Task WriteAsync(string line, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteAsync((line + "\n").AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
    }

    /// <summary>Reads one answer.</summary>
    /// <exception cref="InvalidOperationException">It is no result, or the program ended.</exception>
    public async Task<string> ReadAnswerAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        var line = await _process.StandardOutput.ReadLineAsync(patience.Token)
            ?? throw new InvalidOperationException($"{_process.StartInfo.FileName} ended without an answer: {_lastComplaint}");
        return line.Contains("\"result\"", StringComparison.Ordinal) ? line : throw new InvalidOperationException($"{_process.StartInfo.FileName} answered {line}");
    }

    /// <summary>The first line it wrote to stderr.</summary>
    public Task<string> FirstComplaintAsync(CancellationToken cancellationToken) => _firstComplaint.Task.WaitAsync(Patience, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
            using var patience = new CancellationTokenSource(Patience);
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }
        finally
        {
            _process.Dispose();
        }
    }

    private async Task HearComplaintsAsync()
    {
        try
        {
            while (await _process.StandardError.ReadLineAsync() is { } line)
            {
                _lastComplaint = line;
                _firstComplaint.TrySetResult(line);
            }
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The program has ended, and nobody reads on.
        }
    }
}

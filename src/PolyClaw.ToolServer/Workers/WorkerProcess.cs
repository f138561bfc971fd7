using System.Diagnostics;
using System.Text.Json;
using PolyClaw.ToolServer.Wire;

namespace PolyClaw.ToolServer.Workers;

/// <summary>One worker process: it waits for one job, and is killed when that has ended in any way.</summary>
internal sealed class WorkerProcess : IDisposable
{
    /// <summary>All a worker may send for one call. It keeps finer bounds itself; this one holds if it is no longer itself.</summary>
    private const int MaxReplyBytes = 32 * 1024 * 1024;

    // A loaded machine may take its time over a process; the call's own time does not count yet.
    private static readonly TimeSpan StartAllowance = TimeSpan.FromSeconds(30);

    // The engine stops itself at the limit and says where it was; the kill comes for code that keeps it from doing so.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ExitAllowance = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly ErrorHead _errors;
    private readonly TimeProvider _clock;

    private WorkerProcess(Process process, TimeProvider clock)
    {
        _process = process;
        _clock = clock;
        _errors = new ErrorHead(process.StandardError.BaseStream);
    }

    /// <summary>Whether the process has not ended; it may do so at any time.</summary>
    public bool IsAlive => !_process.HasExited;

    public static WorkerProcess Start(WorkerCommand command, int heapMib, TimeProvider clock)
    {
        Inheritance.CloseOnExec();
        var process = Process.Start(command.StartInfo(heapMib))
            ?? throw new InvalidOperationException("no worker process was started");
        return new WorkerProcess(process, clock);
    }

    /// <summary>Runs the job; at its end, or when the token is cancelled, the process is dead or dying.</summary>
    public async Task<CallEnd> RunAsync(Job job, CancellationToken cancellationToken)
    {
        var log = new List<string>();
        var attachments = new List<WorkerMessage.Attached>();
        using var deadline = new CancellationTokenSource(StartAllowance, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var diagnosis = "";
        WorkerMessage end;
        try
        {
            await SendAsync(job, both.Token);
            end = await ReceiveAsync(job, log, attachments, deadline, both.Token);
        }
        catch (OperationCanceledException)
            when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            end = new WorkerMessage.Failed($"the tool's code ran for {job.Limits.CallSeconds} s, its limit, and its process was killed: do less work in a call");
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or JsonException)
        {
            (var reason, diagnosis) = await DescribeDeathAsync(job, cancellationToken);
            end = new WorkerMessage.Failed(reason);
        }
        finally
        {
            _process.Kill();
        }

        return new CallEnd(end, log, attachments, diagnosis);
    }

    public void Dispose()
    {
        if (IsAlive)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task SendAsync(Job job, CancellationToken cancellationToken)
    {
        var input = _process.StandardInput.BaseStream;
        await Frames.WriteAsync(input, job.Header, cancellationToken);
        foreach (var file in job.Files)
        {
            await Frames.WriteAsync(input, file.Utf8, cancellationToken);
        }
    }

    private async Task<WorkerMessage> ReceiveAsync(
        Job job, List<string> log, List<WorkerMessage.Attached> attachments, CancellationTokenSource deadline, CancellationToken cancellationToken)
    {
        var output = _process.StandardOutput.BaseStream;
        var left = MaxReplyBytes;
        while (await Frames.ReadAsync(output, left, cancellationToken) is { } frame)
        {
            left -= frame.Length;
            switch (JsonSerializer.Deserialize(frame, WireJson.Plain.WorkerMessage))
            {
                case WorkerMessage.Started:
                    deadline.CancelAfter(TimeSpan.FromSeconds(job.Limits.CallSeconds) + Grace);
                    break;
                case WorkerMessage.Logged line:
                    log.Add(line.Text);
                    break;
                case WorkerMessage.Attached file:
                    attachments.Add(file);
                    break;
                case { } end:
                    return end;
                case null:
                    throw new InvalidDataException("a worker sent null");
            }
        }

        throw new EndOfStreamException("the worker ended before its call did");
    }

    private async Task<(string Reason, string Diagnosis)> DescribeDeathAsync(Job job, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(ExitAllowance, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var errors = await _errors.ReadToEndAsync(both.Token);
            await _process.WaitForExitAsync(both.Token);
            return (WorkerDeath.Describe(_process.ExitCode, errors, job.Limits), errors);
        }
        catch (OperationCanceledException)
            when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return ("the tool's process closed its output and did not end; it was killed", "");
        }
    }
}

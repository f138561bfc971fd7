using System.Text.Json;
using PolyClaw.ToolServer.Definitions;
using PolyClaw.ToolServer.Wire;

namespace PolyClaw.ToolServer.Scripting;

/// <summary>
/// The worker: waits for one job on its input, runs it, sends the end and is gone. It also ends when its input does,
/// job or no job, so it never outlives its server.
/// </summary>
internal static class WorkerProgram
{
    private const int MaxHeaderBytes = 64 * 1024 * 1024;

    public static async Task<int> RunAsync(Stream input, Stream output, CancellationToken cancellationToken)
    {
        ProcessLimits.Apply();
        WarmUp();
        if (await Frames.ReadAsync(input, MaxHeaderBytes, cancellationToken) is not { } frame)
        {
            return ExitCodes.Done;
        }

        var job = JsonSerializer.Deserialize(frame, WireJson.Plain.JobHeader)
            ?? throw new InvalidDataException("a job is an object, not null");
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var name in job.Files)
        {
            files.Add(name, await Frames.ReadAsync(input, ToolServerDefinition.MaxBytes, cancellationToken)
                ?? throw new EndOfStreamException("the job ends before its files do"));
        }

        ProcessLimits.LimitProcessorTime(job.Limits.CallSeconds);
        var run = RunOnOwnThread(job, files, output);
        var serverGone = input.ReadAsync(new byte[1], cancellationToken).AsTask();
        await await Task.WhenAny(run, serverGone);
        return ExitCodes.Done;
    }

    private static Task RunOnOwnThread(JobHeader job, Dictionary<string, byte[]> files, Stream output)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(
            () =>
            {
                var outbox = new ScriptOutbox(output);
                outbox.Begin();
                outbox.End(new ScriptRun(job, files, outbox).Run());
                ended.SetResult();
            },
            ScriptLimits.StackBytes)
        {
            IsBackground = true,
            Name = "script",
        };
        thread.Start();
        return ended.Task;
    }

    /// <summary>Has the engine's code loaded (and, where it is not native, compiled) before a job waits for it.</summary>
    private static void WarmUp()
    {
        var limits = new LimitsDefinition();
        var job = new JobHeader(
            "async (input, host) => { const seen = {}; for (const x of input.list) { seen[`k${x}`] = x + 1; } host.log('warm'); await null; return seen; }",
            """{"list":[1,2]}""",
            [],
            limits);
        _ = new ScriptRun(job, new Dictionary<string, byte[]>(), new ScriptOutbox(Stream.Null)).Run();
    }
}

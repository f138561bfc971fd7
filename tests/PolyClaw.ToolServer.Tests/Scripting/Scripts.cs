using System.Text;
using PolyClaw.ToolServer.Definitions;
using PolyClaw.ToolServer.Scripting;
using PolyClaw.ToolServer.Wire;
using PolyClaw.ToolServer.Workers;

namespace PolyClaw.ToolServer.Tests.Scripting;

/// <summary>Runs code as a worker does, but in this process: for all that cannot kill it.</summary>
internal static class Scripts
{
    public static CallEnd Run(string code, string input = "{}", LimitsDefinition? limits = null, params FileDefinition[] files)
    {
        var output = new MemoryStream();
        var job = new JobHeader(code, input, [.. files.Select(f => f.Name)], limits ?? new LimitsDefinition());
        var texts = files.ToDictionary(f => f.Name, f => Encoding.UTF8.GetBytes(f.Text));
        var thread = new Thread(
            () =>
            {
                var outbox = new ScriptOutbox(output);
                outbox.End(new ScriptRun(job, texts, outbox).Run());
            },
            ScriptLimits.StackBytes);
        thread.Start();
        thread.Join();
        return Read(output);
    }

    public static string Output(string code, string input = "{}", params FileDefinition[] files) =>
        Assert.IsType<WorkerMessage.Returned>(Run(code, input, null, files).End).Json;

    public static string Failure(string code, LimitsDefinition? limits = null, params FileDefinition[] files) =>
        Assert.IsType<WorkerMessage.Failed>(Run(code, "{}", limits, files).End).Reason;

    private static CallEnd Read(MemoryStream output)
    {
        output.Position = 0;
        var log = new List<string>();
        var attachments = new List<WorkerMessage.Attached>();
        while (true)
        {
            // The stream is in memory: the read is complete when it returns.
            var frame = Frames.ReadAsync(output, int.MaxValue, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            switch (System.Text.Json.JsonSerializer.Deserialize(frame!, WireJson.Plain.WorkerMessage))
            {
                case WorkerMessage.Logged line:
                    log.Add(line.Text);
                    break;
                case WorkerMessage.Attached file:
                    attachments.Add(file);
                    break;
                case var end:
                    return new CallEnd(end!, log, attachments);
            }
        }
    }
}

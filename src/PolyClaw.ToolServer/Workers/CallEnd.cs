using PolyClaw.ToolServer.Wire;

namespace PolyClaw.ToolServer.Workers;

/// <summary>How a call ended, with what it said on the way.</summary>
/// <param name="End">Its output or the reason there is none.</param>
/// <param name="Log">What it logged, in order.</param>
/// <param name="Attachments">What it attached, in order.</param>
/// <param name="Diagnosis">What a worker that died wrote about it: for whoever runs the server, not for the model.</param>
internal sealed record CallEnd(WorkerMessage End, IReadOnlyList<string> Log, IReadOnlyList<WorkerMessage.Attached> Attachments, string Diagnosis = "")
{
    public static CallEnd Failed(string reason) => new(new WorkerMessage.Failed(reason), [], []);
}

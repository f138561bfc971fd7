using PolyClaw.Core.Goals;

namespace PolyClaw.Mcp.Tools;

/// <summary>What a run of one step says for the server that it is about.</summary>
internal static class ServerRuns
{
    /// <summary>Why a run that has ended did not do it.</summary>
    public static Fault WhyNot(RunView run) =>
        run.Error ?? new Fault("not_done", $"the run is {Core.Wire.Name(run.Status)}", Fix: $"call get_run with run_id {run.RunId}");

    /// <summary>What is still missing, when a person must decide or time goes by.</summary>
    public static Fault? Awaited(RunView run) => run.Status switch
    {
        RunStatus.Succeeded => null,
        RunStatus.AwaitingInput => new Fault("awaiting_input", run.PendingInput?.Shown ?? "a person must decide", Fix: run.Next),
        _ => new Fault("under_way", $"the run is {Core.Wire.Name(run.Status)}", Fix: $"call get_run with run_id {run.RunId} and wait_seconds=45"),
    };
}

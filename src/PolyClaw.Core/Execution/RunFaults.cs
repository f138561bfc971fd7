using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Execution;

/// <summary>Why nothing can be asked of a run.</summary>
internal static class RunFaults
{
    /// <summary>What a suspended run tells its caller to do.</summary>
    public const string NextOfSuspended = "Tell the person what error says; call get_run again when that is mended.";

    public static Fault Ended { get; } = new("run_ended", "the run has ended", "/run_id", "call get_run to see how");

    /// <summary>The run has not ended and nobody drives it.</summary>
    /// <param name="triesAgain">Whether this instance takes it up by itself.</param>
    public static Fault Suspended(bool triesAgain) => triesAgain
        ? new Fault("run_suspended", "the journal could not be written, so the run stands still until it can", "/run_id", "free space where POLYCLAW_HOME lies and make it writable: the run goes on by itself")
        : new Fault("run_suspended", "this instance could not go on with the run", "/run_id", "see the instance's log, and start PolyClaw again: the run is taken up");
}

using PolyClaw.Core.Goals;

namespace PolyClaw.Cli;

/// <summary>What the program ends with.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int WaitsForInput = 3;
    public const int Denied = 4;

    /// <summary>The shell's own code for a command that Ctrl-C ended.</summary>
    public const int Interrupted = 130;

    private const string PolicyDenied = "policy_denied";

    /// <summary>What a run's end means for a script.</summary>
    public static int Of(RunView run) => run switch
    {
        { Status: RunStatus.Succeeded or RunStatus.Planned } => Done,
        { Status: RunStatus.AwaitingInput } => WaitsForInput,
        { Error: { } error } => Of(error),
        _ => Failed,
    };

    public static int Of(Fault fault) => fault.Code == PolicyDenied ? Denied : Failed;
}

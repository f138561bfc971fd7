using PolyClaw.Core.Goals;

namespace PolyClaw.Cli;

/// <summary>Questions about a run that a display asks.</summary>
internal static class RunViewExtensions
{
    /// <summary>Whether nothing happens in it until somebody does something.</summary>
    public static bool HasSettled(this RunView run) => run.Status.IsTerminal() || run.Status is RunStatus.Planned or RunStatus.AwaitingInput;
}

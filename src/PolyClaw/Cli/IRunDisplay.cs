using PolyClaw.Core.Goals;

namespace PolyClaw.Cli;

/// <summary>Shows a run as it goes: live in a terminal, as plain lines elsewhere.</summary>
internal interface IRunDisplay
{
    /// <summary>Says what begins.</summary>
    void Begin(RunView run, IReadOnlyList<string> attached);

    /// <summary>Shows the run until it has settled: until it ended or waits for a person.</summary>
    /// <param name="run">The run as it is now.</param>
    /// <param name="look">Waits a moment and looks again.</param>
    /// <returns>The run as it settled.</returns>
    Task<RunView> FollowAsync(RunView run, Func<Task<RunView>> look);
}

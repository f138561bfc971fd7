using PolyClaw.Core.Goals;

namespace PolyClaw.Cli;

/// <summary>Shows nothing: the answer is JSON.</summary>
internal sealed class SilentDisplay : IRunDisplay
{
    public void Begin(RunView run, IReadOnlyList<string> attached)
    {
        // The answer says it all.
    }

    public async Task<RunView> FollowAsync(RunView run, Func<Task<RunView>> look)
    {
        while (!run.HasSettled())
            run = await look();
        return run;
    }
}

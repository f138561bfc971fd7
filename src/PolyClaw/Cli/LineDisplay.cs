using PolyClaw.Core.Goals;

namespace PolyClaw.Cli;

/// <summary>A line for each change: for a pipe, a file, a log.</summary>
internal sealed class LineDisplay(Action<string> line) : IRunDisplay
{
    private readonly Dictionary<string, StepStatus> _told = new(StringComparer.Ordinal);

    public void Begin(RunView run, IReadOnlyList<string> attached)
    {
        line($"run         {run.RunId}");
        foreach (var file in attached)
            line($"attached    {file}");
    }

    public async Task<RunView> FollowAsync(RunView run, Func<Task<RunView>> look)
    {
        Tell(run);
        while (!run.HasSettled())
            Tell(run = await look());
        return run;
    }

    private void Tell(RunView run)
    {
        foreach (var step in run.Plan)
        {
            if (step.Status is StepStatus.Planned or StepStatus.Allowed || (_told.TryGetValue(step.Id, out var told) && told == step.Status))
                continue;
            _told[step.Id] = step.Status;
            var running = step.Status == StepStatus.Running;
            line($"{Core.Wire.Name(step.Status),-11} {(running || step.Ms is null ? "" : StepText.Time(step.Ms.Value)),8}  {StepText.Title(step)}{(running ? "" : StepText.Message(step))}");
        }
    }
}

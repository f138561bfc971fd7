using PolyClaw.Core.Goals;

namespace PolyClaw.Cli;

/// <summary>A line for each change: for a pipe, a file, a log.</summary>
internal sealed class LineDisplay(Action<string> line, TimeProvider clock) : IRunDisplay
{
    /// <summary>How often a step that goes on may say what it does.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, Told> _told = new(StringComparer.Ordinal);

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
            if (step.Status is StepStatus.Planned or StepStatus.Allowed || (_told.TryGetValue(step.Id, out var told) && !IsNews(step, told)))
                continue;
            _told[step.Id] = new Told(step.Status, step.Message, clock.GetTimestamp());
            line($"{Core.Wire.Name(step.Status),-11} {(step.Status == StepStatus.Running || step.Ms is null ? "" : StepText.Time(step.Ms.Value)),8}  {StepText.Title(step)}{StepText.Message(step)}");
        }
    }

    /// <summary>Another status always; of a step that goes on another message, when the last has stood for a while.</summary>
    private bool IsNews(StepView step, Told told) =>
        step.Status != told.Status
        || (step.Status == StepStatus.Running && step.Message is { Length: > 0 } && step.Message != told.Message && clock.GetElapsedTime(told.At) >= Pause);

    private sealed record Told(StepStatus Status, string? Message, long At);
}

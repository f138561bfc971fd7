using PolyClaw.Core.Goals;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace PolyClaw.Cli;

/// <summary>A step list that is drawn over itself while the run goes.</summary>
internal sealed class LiveDisplay(IAnsiConsole console, TimeProvider clock) : IRunDisplay
{
    private const int TimeWidth = 8;
    private const int RowsAround = 3;
    private const int MostLines = 6;
    private static readonly string[] Spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
    private int _tick;

    public void Begin(RunView run, IReadOnlyList<string> attached)
    {
        console.MarkupLineInterpolated($"[grey]run       {run.RunId}[/]");
        foreach (var file in attached)
            console.MarkupLineInterpolated($"[grey]attached  {Terminal.Plain(file)}[/]");
    }

    public async Task<RunView> FollowAsync(RunView run, Func<Task<RunView>> look)
    {
        await console.Live(Draw(run)).AutoClear(false).Overflow(VerticalOverflow.Crop).StartAsync(async live =>
        {
            live.Refresh();
            while (!run.HasSettled())
            {
                run = await look();
                _tick++;
                live.UpdateTarget(Draw(run));
                live.Refresh();
            }
        });
        return run;
    }

    private Rows Draw(RunView run)
    {
        if (run.Plan.Count == 0)
            return new Rows(Line(run.HasSettled() ? " " : Spinner[_tick % Spinner.Length], "yellow", null, run.HasSettled() ? "" : Core.Wire.Name(run.Status)));
        var (first, count) = Window(run);
        var rows = new List<IRenderable>();
        if (first > 0)
            rows.Add(Line(" ", "grey", null, $"{first} more above"));
        rows.AddRange(run.Plan.Skip(first).Take(count).Select(Draw));
        if (first + count < run.Plan.Count)
            rows.Add(Line(" ", "grey", null, $"{run.Plan.Count - first - count} more below"));
        return new Rows(rows);
    }

    /// <summary>What fits on the screen, with the step that goes on in it. Once settled, all of it is written out and may scroll.</summary>
    private (int First, int Count) Window(RunView run)
    {
        var room = Math.Max(RowsAround, console.Profile.Height - RowsAround);
        if (run.Plan.Count <= room)
            return (0, run.Plan.Count);
        var at = 0;
        for (var i = 0; i < run.Plan.Count; i++)
            if (run.Plan[i].Status is not (StepStatus.Planned or StepStatus.Allowed))
                at = i;
        var first = Math.Clamp(at - (room / 2), 0, run.Plan.Count - room);
        return (first, room);
    }

    /// <summary>A step's row, and below it the lines that it tells of while it goes on.</summary>
    private IRenderable Draw(StepView step)
    {
        var lines = step.Status == StepStatus.Running ? (step.Message ?? "").Split('\n') : [];
        return lines.Length <= 1
            ? Row(step)
            : new Rows(lines.Skip(1).Take(MostLines).Select(line => Line(" ", "grey", null, "  " + Terminal.Plain(line))).Prepend(Row(step with { Message = lines[0] })));
    }

    private Markup Row(StepView step)
    {
        var (mark, color) = Mark(step.Status);
        var ms = step.Ms ?? (step is { Status: StepStatus.Running, StartedAt: { } at } ? Math.Max(0, (clock.GetUtcNow() - at).TotalMilliseconds) : null);
        return Line(mark, color, ms, Terminal.Plain(StepText.Title(step) + StepText.Message(step)));
    }

    private Markup Line(string mark, string color, double? ms, string text)
    {
        var time = (ms is { } taken ? StepText.Time(taken) : "").PadLeft(TimeWidth);
        // One row a step: what does not fit is cut, never wrapped.
        var room = Math.Max(10, console.Profile.Width - TimeWidth - 5);
        return new Markup($"[{color}]{mark}[/] [grey]{time}[/]  {Markup.Escape(Cut(text, room))}");
    }

    private static string Cut(string text, int cells)
    {
        if (Cell(text) <= cells)
            return text;
        var kept = new System.Text.StringBuilder();
        var used = 1;
        foreach (var rune in text.EnumerateRunes())
        {
            used += Cell(rune.ToString());
            if (used > cells)
                break;
            kept.Append(rune.ToString());
        }

        return kept.Append('…').ToString();
    }

    private static int Cell(string text) => new Segment(text).CellCount();

    private (string Mark, string Color) Mark(StepStatus status) => status switch
    {
        StepStatus.Planned or StepStatus.Allowed => ("·", "grey"),
        StepStatus.Running => (Spinner[_tick % Spinner.Length], "yellow"),
        StepStatus.Succeeded => ("✓", "green"),
        StepStatus.Skipped or StepStatus.Compensated => ("↺", "grey"),
        StepStatus.InDoubt => ("?", "yellow"),
        _ => ("✗", "red"),
    };
}

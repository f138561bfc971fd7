using System.Runtime.InteropServices;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Planning;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Execution;

/// <summary>Draws a run for clients.</summary>
internal static class RunViews
{
    private const int LongestData = 16 * 1024;
    private const int LongestEventText = 300;

    public static RunView Of(RunState run, Isolation isolation, DateTimeOffset now, Func<RunId, string, string?> pathOf)
    {
        var status = run.Status;
        var pending = run.Pending.FirstOrDefault();
        return new RunView
        {
            RunId = run.RunId.Value,
            Status = status,
            Goal = run.Goal,
            Planner = run.Planner,
            Plan = [.. run.Steps.Select(Step)],
            Result = run.Result,
            Artifacts = [.. Artifacts(run).Select(a => new ArtifactView(a.Name, a.Mime, a.Bytes, a.Sha256, $"polyclaw://runs/{run.RunId}/files/{Uri.EscapeDataString(a.Name)}", pathOf(run.RunId, a.Name)))],
            Error = status is RunStatus.Succeeded or RunStatus.Running or RunStatus.Planned ? null : run.Error,
            BlastRadius = run.HeldAtPlan && !status.IsTerminal() ? BlastRadius.Of(run.Steps.Where(s => s.Status == StepStatus.Planned).Select(s => s.Step)) : null,
            PlanDigest = run.PlanDigest,
            ResourcesCreated = Resources(run),
            PendingInput = pending is null ? null : new PendingInputView(pending.InputId, pending.Kind, pending.Shown, pending.Choices.Count > 0 ? pending.Choices : null),
            Isolation = isolation,
            Position = run.Position,
            Usage = new UsageView(
                run.StepsStarted, run.Usage.ModelCalls, run.Usage.InputTokens, run.Usage.OutputTokens,
                Math.Round(((status.IsTerminal() ? run.UpdatedAt : now) - run.CreatedAt).TotalMilliseconds, 1)),
            Next = NextStep(status, run),
        };
    }

    /// <summary>The files of a run, by name; of two with one name the later counts.</summary>
    public static IEnumerable<Artifact> Artifacts(RunState run)
    {
        var files = new Dictionary<string, Artifact>(StringComparer.Ordinal);
        foreach (var step in run.Steps)
            if (step.Outcome is StepOutcome.Succeeded { Artifacts: { } made })
                foreach (var file in made)
                    files[file.Name] = file;
        return files.Values;
    }

    /// <summary>An event as one line.</summary>
    public static EventView? Event(JournalEntry entry) => entry.Event switch
    {
        JournalEvent.RunCreated e => Line(entry, "run_created", e.Goal.ReplaceLineEndings(" ")),
        JournalEvent.RunResumed e => Line(entry, "run_resumed", $"taken up again by epoch {e.Epoch}"),
        JournalEvent.PlanningEnded { Faults.Count: > 0 } e => Line(entry, "planning_failed", string.Join("; ", e.Faults)),
        JournalEvent.PlanMade e => Line(entry, "plan_made", $"{e.Steps.Count} steps by {e.Planner}"),
        JournalEvent.PlanApproved e => Line(entry, "plan_approved", $"by {e.By.Name}"),
        JournalEvent.ReplanWanted e => Line(entry, "replan_wanted", string.Join("; ", e.Trouble)),
        JournalEvent.StepIntended e => Line(entry, "step_started", e.Attempt > 1 ? $"{e.Step}, attempt {e.Attempt}" : e.Step),
        JournalEvent.StepRetried e => Line(entry, "step_retried", $"{e.Step}: {e.Error}; again in {e.DelayMs:0} ms"),
        JournalEvent.StepRepeated e => Line(entry, "step_repeated", e.Step),
        JournalEvent.StepEnded e => Line(entry, "step_" + Wire.Name(e.Outcome.Status), $"{e.Step}: {e.Outcome.Message}"),
        JournalEvent.StepSkipped e => Line(entry, "step_skipped", $"{e.Step}: {e.Why}"),
        JournalEvent.RollbackBegun e => Line(entry, "rollback_begun", e.Error?.ToString() ?? "cancelled"),
        JournalEvent.UndoIntended e => Line(entry, "undo_started", e.Step),
        JournalEvent.UndoEnded e => Line(entry, "undo_" + Wire.Name(e.Outcome.Status), $"{e.Step}: {e.Outcome.Message}"),
        JournalEvent.InputRequested e => Line(entry, "input_requested", PlainText.Clean(e.Shown, LongestEventText)),
        JournalEvent.InputAnswered e => Line(entry, "input_answered", $"by {e.By.Name}"),
        JournalEvent.CancelRequested e => Line(entry, "cancel_requested", $"by {e.By.Name}"),
        JournalEvent.RunEnded e => Line(entry, "run_" + Wire.Name(e.Status), e.Error?.ToString() ?? e.Result ?? ""),
        _ => null,
    };

    private static EventView Line(JournalEntry entry, string kind, string text) => new(entry.Position, entry.At, kind, text);

    private static StepView Step(StepState step) => new(
        step.Step.Id,
        step.Step.Action.ActionName,
        ActionText.Target(step.Step.Action),
        step.Step.DependsOn,
        step.Status,
        step.UndoOutcome?.Message ?? step.Outcome?.Message ?? step.Skipped,
        step.StartedAt,
        step.Outcome is null ? null : Math.Round(step.Ms, 1),
        step.Outcome is StepOutcome.Succeeded { Data: { } data } && JsonMarshal.GetRawUtf8Value(data).Length <= LongestData ? data : null);

    /// <summary>What stands, in the order it was made: a server removed and made again stands.</summary>
    private static List<string> Resources(RunState run)
    {
        var standing = new List<string>();
        foreach (var step in run.Steps.Where(s => s.Status == StepStatus.Succeeded).OrderBy(s => s.EndOrder))
        {
            standing.AddRange(((StepOutcome.Succeeded)step.Outcome!).Resources ?? []);
            if (step.Step.Action is PlanAction.DecommissionMcpServer gone)
                standing.Remove("server/" + gone.Name);
        }

        return standing;
    }

    private static string NextStep(RunStatus status, RunState run) => status switch
    {
        RunStatus.Planning or RunStatus.Running or RunStatus.RollingBack or RunStatus.Waiting => "Call get_run with this run_id and wait_seconds=45.",
        RunStatus.Planned => "Show the plan to the person; then call plan_and_execute with this run_id and approved_plan set to plan_digest.",
        RunStatus.AwaitingInput when run.Pending.First().Kind == InputKind.Question => "Ask the person and pass the answer on with answer_run.",
        RunStatus.AwaitingInput => "A person must decide: by the client's dialog, or with 'polyclaw runs answer' in a terminal; then call get_run.",
        RunStatus.Succeeded => "Nothing: tell the person the result and where the files are.",
        RunStatus.BudgetExhausted => "Tell the person what was achieved; a new plan_and_execute with higher limits may finish it.",
        RunStatus.Failed or RunStatus.RolledBack => "Read error and its fix, then call plan_and_execute with a goal that avoids it, or ask the person.",
        RunStatus.Cancelled => "Nothing.",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Instances;

namespace PolyClaw.Cli;

/// <summary>How a run stands, in a few lines.</summary>
internal static class RunSummaryText
{
    public static void Print(RunView run, InstanceStatus instance)
    {
        Terminal.Line("");
        Terminal.Line($"{Headline(run)}{(run.Result is { Length: > 0 } result ? ": " + result : "")}");
        if (run.Error is { } error)
        {
            Say("why", error.Path is null ? error.Message : $"{error.Path}: {error.Message}");
            if (error.Fix is { } fix)
                Say("what helps", fix);
        }

        if (run.Status == RunStatus.Planned)
            PrintPlan(run);
        if (run.PendingInput is { } pending)
            PrintQuestion(run, pending);
        foreach (var file in run.Artifacts)
            Say("file", $"{file.Path ?? file.Uri}  ({file.Mime}, {file.Bytes:#,0} bytes)");
        if (run.ResourcesCreated.Count > 0)
            Say("made", string.Join(", ", run.ResourcesCreated));
        // Only a run that was planned has run anywhere.
        if (run.Planner is { } planner)
        {
            Say("planner", planner + (run.Usage.ModelCalls > 0 ? $", {run.Usage.ModelCalls} model calls, {run.Usage.InputTokens + run.Usage.OutputTokens:#,0} tokens" : ""));
            Say("runtime", $"{instance.Runtime}, isolation {Core.Wire.Name(run.Isolation ?? default)}");
        }

        Say("record", $"polyclaw runs show {run.RunId}");
    }

    private static string Headline(RunView run) => run.Status switch
    {
        RunStatus.AwaitingInput => "waits for your answer",
        RunStatus.Planned => $"planned {run.Plan.Count} steps; nothing has run yet",
        _ => $"{Core.Wire.Name(run.Status).Replace('_', ' ')} in {StepText.Time(run.Usage.Ms)}",
    };

    private static void PrintPlan(RunView run)
    {
        foreach (var step in run.Plan)
            Say("step", StepText.Title(step) + (step.DependsOn.Count > 0 ? "  after " + string.Join(", ", step.DependsOn) : ""));
        foreach (var line in run.BlastRadius ?? [])
            Say("effect", line);
        Say("carry out", $"polyclaw runs approve {run.RunId} {run.PlanDigest}");
    }

    private static void PrintQuestion(RunView run, PendingInputView pending)
    {
        Say("asked", pending.Shown);
        if (pending.Choices is { Count: > 0 } choices)
            Say("choices", string.Join(", ", choices));
        Say("answer", $"polyclaw runs answer {run.RunId} {pending.InputId} {(pending.Kind == InputKind.Approval ? "--approve (or --deny)" : "--answer TEXT")}");
    }

    /// <summary>A label and its text; further lines of the text stand under the first, so that none can pass for a label.</summary>
    private static void Say(string label, string text) =>
        Terminal.Line($"  {label,-10}  {text.ReplaceLineEndings("\n").Replace("\n", "\n              ", StringComparison.Ordinal)}");
}

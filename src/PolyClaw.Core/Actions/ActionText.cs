using System.Diagnostics;
using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Actions;

/// <summary>What a person is shown of an action: rendered by code from the action itself, never by a model.</summary>
public static class ActionText
{
    private const int LongestArguments = 4_000;

    /// <summary>What an action acts on, for a step list.</summary>
    /// <param name="action">The action.</param>
    public static string? Target(PlanAction action) => action switch
    {
        PlanAction.CreateMcpServer a => a.Spec.Name,
        PlanAction.CallTool a => a.Server + "." + a.Tool,
        PlanAction.DecommissionMcpServer a => a.Name,
        PlanAction.Report a => a.Name ?? "report.md",
        PlanAction.CheckResourceAvailability or PlanAction.AskUser or PlanAction.Done => null,
        _ => throw new UnreachableException(),
    };

    /// <summary>One line that says all that matters.</summary>
    /// <param name="action">The action.</param>
    public static string Describe(PlanAction action) => action switch
    {
        PlanAction.CheckResourceAvailability => "check what is free",
        PlanAction.CreateMcpServer a => $"create server {a.Spec.Name} ({a.Spec.Source.Kind})",
        PlanAction.CallTool a => $"call {a.Server}.{a.Tool}({Arguments(a)})",
        PlanAction.DecommissionMcpServer a => $"remove server {a.Name}",
        PlanAction.AskUser => "ask a question",
        PlanAction.Report a => $"write {a.Name ?? "report.md"}",
        PlanAction.Done => "finish",
        _ => throw new UnreachableException(),
    };

    /// <summary>The text of an approval.</summary>
    /// <param name="action">What is asked for.</param>
    /// <param name="reasons">Which rules ask.</param>
    public static string Approval(PlanAction action, IReadOnlyList<Fault> reasons) =>
        $"Allow this once? {Describe(action)}\nWhy it is asked: {string.Join("; ", reasons.Select(r => r.Message))}";

    private static string Arguments(PlanAction.CallTool call)
    {
        var text = call.Arguments?.GetRawText() ?? "{}";
        return text.Length <= LongestArguments ? text : text[..LongestArguments] + $"… {text.Length - LongestArguments} more characters";
    }
}

using System.Diagnostics;

namespace PolyClaw.Core.Actions;

/// <summary>An action in a word: for lists. What a person approves is <see cref="Policy.ApprovalText"/>, the whole of it.</summary>
public static class ActionText
{
    /// <summary>What an action acts on, for a step list.</summary>
    /// <param name="action">The action.</param>
    public static string? Target(PlanAction action) => action switch
    {
        PlanAction.CreateMcpServer a => a.Spec.Name,
        PlanAction.CallTool a => a.Server + "." + a.Tool,
        PlanAction.DecommissionMcpServer a => a.Name,
        PlanAction.DeployService a => a.Spec.Name,
        PlanAction.ValidateService a => a.Name,
        PlanAction.ShiftTraffic a => $"{a.Name} v{a.Version}",
        PlanAction.Autoscale a => a.Name,
        PlanAction.DeleteService a => a.Name,
        PlanAction.UndoService a => a.Name,
        PlanAction.Report a => a.Name ?? "report.md",
        PlanAction.CheckResourceAvailability or PlanAction.AskUser or PlanAction.Done => null,
        _ => throw new UnreachableException(),
    };

    /// <summary>Its name and what it acts on, for a sentence.</summary>
    /// <param name="action">The action.</param>
    public static string Brief(PlanAction action) => Target(action) is { } target ? $"{action.ActionName} {target}" : action.ActionName;
}

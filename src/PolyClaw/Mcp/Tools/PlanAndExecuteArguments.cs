using PolyClaw.Core.Goals;

namespace PolyClaw.Mcp.Tools;

/// <summary>Arguments of <c>plan_and_execute</c>.</summary>
internal sealed record PlanAndExecuteArguments(
    string? Goal = null,
    string? Mode = null,
    string? ApprovedPlan = null,
    string? RunId = null,
    int? WaitSeconds = null,
    RunLimits? Limits = null,
    IReadOnlyList<string>? Files = null);

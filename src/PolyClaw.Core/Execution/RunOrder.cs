using PolyClaw.Core.Goals;
using PolyClaw.Core.Planning;

namespace PolyClaw.Core.Execution;

/// <summary>A goal to be accepted.</summary>
/// <param name="Goal">What is wanted; 1–100,000 characters.</param>
/// <param name="Principal">Who asks.</param>
/// <param name="PlanOnly">Stop when the plan is there.</param>
/// <param name="Limits">What ends the run early.</param>
/// <param name="Files">Files that come with it; their bytes are in the blob store already.</param>
/// <param name="Plan">A plan that needs no planner: for <c>create_server</c> and <c>remove_server</c>.</param>
public sealed record RunOrder(
    string Goal, Principal Principal, bool PlanOnly, RunLimits Limits, IReadOnlyList<GoalFile> Files, Plan? Plan = null)
{
    /// <summary>The planner's name when the plan came with the order.</summary>
    public const string DirectPlanner = "direct";

    private const int LongestGoal = 100_000;
    private const int MostFiles = 64;

    internal Fault? FaultIn() => this switch
    {
        { Goal: var goal } when string.IsNullOrWhiteSpace(goal) => new Fault("goal_missing", "goal is empty", "/goal", "say what is wanted"),
        { Goal.Length: > LongestGoal } => new Fault("goal_too_long", $"goal has {Goal.Length} characters", "/goal", $"at most {LongestGoal}; hand long material in as files"),
        { Files.Count: > MostFiles } => new Fault("too_many_files", $"{Files.Count} files came with the goal", "/files", $"at most {MostFiles}"),
        { Limits.Steps: < 1 or > 10_000 } => new Fault("limit_out_of_range", $"steps is {Limits.Steps}", "/limits/steps", "1 to 10,000"),
        { Limits.Minutes: < 1 or > 10_080 } => new Fault("limit_out_of_range", $"minutes is {Limits.Minutes}", "/limits/minutes", "1 to 10,080"),
        { Limits.ModelTokens: < 1_000 or > 100_000_000 } => new Fault("limit_out_of_range", $"model_tokens is {Limits.ModelTokens}", "/limits/model_tokens", "1,000 to 100,000,000"),
        _ => null,
    };
}

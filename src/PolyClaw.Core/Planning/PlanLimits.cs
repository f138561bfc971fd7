namespace PolyClaw.Core.Planning;

/// <summary>Bounds on what a planner may hand in.</summary>
internal static class PlanLimits
{
    public const int Steps = 1_000;
    public const int AnswerBytes = 1 << 20;
    public const int ExpandedBytes = 1 << 20;
    public const int Depth = 32;
    public const int ExpandedDepth = 60; // the JSON reader of the actions stops at 64
    public const int Faults = 100;
    public const int GoalFileBytes = 8 << 20;
}

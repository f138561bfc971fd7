namespace PolyClaw.Core.Execution;

/// <summary>
/// Longest time that a step gives a tool call. It must be longer than the child's own limit and its start together, so that the child's answer
/// or its loss is what is told; whoever runs the children knows how long those are.
/// </summary>
/// <param name="Longest">The time.</param>
public sealed record ToolCallLimit(TimeSpan Longest)
{
    /// <summary>Where nobody says otherwise: 90 s.</summary>
    public static ToolCallLimit Default { get; } = new(TimeSpan.FromSeconds(90));
}

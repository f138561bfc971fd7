namespace PolyClaw.Cli;

/// <summary>One thing that <c>polyclaw doctor</c> looked at.</summary>
/// <param name="What">What it is.</param>
/// <param name="Good">Whether nothing is missing.</param>
/// <param name="Text">What was seen.</param>
internal sealed record Finding(string What, bool Good, string Text);

namespace PolyClaw.Core.Tools;

/// <summary>A tool that a search found.</summary>
/// <param name="Server">Its server.</param>
/// <param name="Tool">The tool.</param>
/// <param name="Score">How well it fits; only its order means anything.</param>
public sealed record ToolHit(string Server, ToolInfo Tool, double Score);

namespace PolyClaw.Mcp.Tools;

/// <summary>Arguments of <c>get_run</c>.</summary>
internal sealed record GetRunArguments(string RunId, int? WaitSeconds = null, long? After = null);

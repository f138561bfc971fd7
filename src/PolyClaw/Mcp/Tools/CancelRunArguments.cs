namespace PolyClaw.Mcp.Tools;

/// <summary>Arguments of <c>cancel_run</c>.</summary>
internal sealed record CancelRunArguments(string RunId, bool? Rollback = null);

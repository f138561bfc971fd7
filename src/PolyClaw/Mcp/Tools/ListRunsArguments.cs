namespace PolyClaw.Mcp.Tools;

/// <summary>Arguments of <c>list_runs</c>.</summary>
internal sealed record ListRunsArguments(int? Limit = null, string? Cursor = null);

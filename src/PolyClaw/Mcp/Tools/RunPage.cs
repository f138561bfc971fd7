namespace PolyClaw.Mcp.Tools;

/// <summary>A page of runs.</summary>
internal sealed record RunPage(IReadOnlyList<RunLine> Runs, string? NextCursor = null);

namespace PolyClaw.Mcp.Tools;

/// <summary>Arguments of <c>find_tools</c>.</summary>
internal sealed record FindToolsArguments(string Query, int? Limit = null);

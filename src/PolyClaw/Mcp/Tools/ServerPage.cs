namespace PolyClaw.Mcp.Tools;

/// <summary>A page of servers.</summary>
internal sealed record ServerPage(IReadOnlyList<ServerView> Servers);

namespace PolyClaw.Mcp.Tools;

/// <summary>Arguments of <c>remove_server</c>.</summary>
internal sealed record RemoveServerArguments(string Name);

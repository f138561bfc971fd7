namespace PolyClaw.Mcp.Tools;

internal sealed record ListServicesArguments(string? Name = null);

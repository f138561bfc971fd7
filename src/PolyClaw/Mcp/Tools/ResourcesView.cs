namespace PolyClaw.Mcp.Tools;

/// <summary>What a server may use.</summary>
internal sealed record ResourcesView(string Cpu, string Memory);

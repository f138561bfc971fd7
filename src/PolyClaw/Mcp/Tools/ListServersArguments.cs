using PolyClaw.Core.Servers;

namespace PolyClaw.Mcp.Tools;

/// <summary>Arguments of <c>list_servers</c>.</summary>
internal sealed record ListServersArguments(ServerState? State = null);

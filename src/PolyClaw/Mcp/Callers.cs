using ModelContextProtocol.Server;
using PolyClaw.Core.Goals;

namespace PolyClaw.Mcp;

/// <summary>Who speaks on a connection. Over the socket the session knows; over HTTP the token does.</summary>
internal static class Callers
{
    public static Principal Of(MessageContext context) =>
        context.Services?.GetService<SessionCaller>()?.Principal
        ?? new Principal(Principal.LocalTenant, context.User?.Identity?.Name ?? "http", PrincipalKind.Agent);
}

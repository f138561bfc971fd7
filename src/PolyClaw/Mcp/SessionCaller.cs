using PolyClaw.Core.Goals;

namespace PolyClaw.Mcp;

/// <summary>The principal of one socket session.</summary>
internal sealed class SessionCaller(Principal principal)
{
    public Principal Principal { get; } = principal;
}

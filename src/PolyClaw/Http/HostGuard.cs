using System.Net;
using System.Net.Sockets;

namespace PolyClaw.Http;

/// <summary>
/// Serves a request only under the names of the loopback address it came in on, with its port. A web page that had its own name point at
/// this machine (DNS rebinding) sends that name as host, and is refused.
/// </summary>
internal sealed class HostGuard(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var host = context.Request.Host;
        if (host.HasValue && (host.Port ?? 80) == context.Connection.LocalPort && IsName(host.Host, context.Connection.LocalIpAddress))
            return next(context);
        return HttpRefusal.WriteAsync(
            context, StatusCodes.Status403Forbidden, "Not a host name of this server.",
            $"Call it as {NameOf(context.Connection.LocalIpAddress)}:{context.Connection.LocalPort} or localhost:{context.Connection.LocalPort}.");
    }

    private static bool IsName(string name, IPAddress? bound) =>
        name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || name == NameOf(bound);

    /// <summary>How the address itself is written as a host: all of 127.0.0.0/8 is loopback, and each is known by its own number alone.</summary>
    private static string NameOf(IPAddress? bound) => bound switch
    {
        { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false } => $"[{bound}]",
        { } => bound.MapToIPv4().ToString(),
        null => IPAddress.Loopback.ToString(),
    };
}

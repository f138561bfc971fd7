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
            $"Call it as 127.0.0.1:{context.Connection.LocalPort} or localhost:{context.Connection.LocalPort}.");
    }

    private static bool IsName(string name, IPAddress? bound)
    {
        if (name.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return true;
        return bound is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false } ? name == "[::1]" : name == "127.0.0.1";
    }
}

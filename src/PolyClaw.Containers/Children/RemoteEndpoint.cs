using System.Net;
using ModelContextProtocol.Client;
using PolyClaw.Containers.Children.Wire;
using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Children;

/// <summary>The way to a server that runs elsewhere: streamable HTTP, no redirects, no proxy of the environment's, bounded answers.</summary>
internal static class RemoteEndpoint
{
    /// <summary>Why an address cannot be used; nothing when it can.</summary>
    public static Fault? Problem(string url, RuntimeOptions options)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            return new Fault("remote_address", $"'{url}' is no http or https address", "/source/url", "for example https://mcp.example.com/mcp");
        if (address.UserInfo.Length > 0)
            return new Fault("remote_address", "the address holds a user name or password", "/source/url", "leave it out; secrets are given by reference");
        return address.Scheme == "http" && !IsLoopback(address) && !options.AllowInsecureRemote
            ? new Fault("remote_insecure", $"'{address.Host}' is not on this machine and plain http can be read on the way", "/source/url", "use https, or set Runtime:AllowInsecureRemote")
            : null;
    }

    /// <summary>A transport to the address.</summary>
    /// <exception cref="ChildFaultException">The address cannot be used.</exception>
    public static IClientTransport Open(string url, RuntimeOptions options)
    {
        if (Problem(url, options) is { } problem)
            throw new ChildFaultException(problem);
        var sockets = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = options.ConnectTimeout,
            MaxResponseHeadersLength = 64,
            UseCookies = false,
            UseProxy = false,
        };
        var transport = new HttpClientTransportOptions
        {
            Endpoint = new Uri(url),
            TransportMode = HttpTransportMode.StreamableHttp,
            EnableStandaloneGetStream = false,
            ConnectionTimeout = options.ConnectTimeout,
        };
        return new HttpClientTransport(
            transport, new HttpClient(new BoundedAnswers(sockets)) { Timeout = Timeout.InfiniteTimeSpan }, loggerFactory: null, ownsHttpClient: true);
    }

    // By its text, since that is what decides where the name leads: only an address literal, or the one reserved name.
    private static bool IsLoopback(Uri address) =>
        IPAddress.TryParse(address.IdnHost, out var ip) ? IPAddress.IsLoopback(ip)
        : string.Equals(address.IdnHost, "localhost", StringComparison.OrdinalIgnoreCase);
}

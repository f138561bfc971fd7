using System.Net;
using ModelContextProtocol.Client;

namespace PolyClaw.Containers.Children;

/// <summary>The way to a server that runs elsewhere: streamable HTTP, no redirects, no proxy of the environment's, bounded answers.</summary>
internal static class RemoteEndpoint
{
    /// <summary>A transport to the address, which was judged when the server was planned.</summary>
    public static HttpClientTransport Open(string url, RuntimeOptions options)
    {
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
}

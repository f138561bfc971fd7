using System.Net;

namespace PolyClaw.Http;

/// <summary>How MCP is served over HTTP. The defaults are for a person's own machine.</summary>
internal sealed class McpHttpOptions
{
    /// <summary>Where to listen: a loopback address. Default 127.0.0.1, any free port.</summary>
    public IPEndPoint Listen { get; set; } = new(IPAddress.Loopback, 0);

    /// <summary>Where MCP is served. Default <c>/mcp</c>.</summary>
    public string Path { get; set; } = "/mcp";

    /// <summary>Who may call. Empty refuses everybody, unless <see cref="AllowAnonymous"/>. Default empty.</summary>
    public IList<McpHttpToken> Tokens { get; } = [];

    /// <summary>Whether calls without a token are served, as the principal <c>anonymous</c>. Default false.</summary>
    public bool AllowAnonymous { get; set; }

    /// <summary>Web origins that may call, as browsers write them (<c>http://host:port</c>). Default none but the server's own.</summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>
    /// Whether a page that this very server sent may call it: its origin is the checked host and port of the request. Default true;
    /// a page of any other port is refused.
    /// </summary>
    public bool AllowOwnOrigin { get; set; } = true;

    /// <summary>Largest request body, in bytes. Default 4 MiB.</summary>
    public int MaxBodyBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>How long a body may take to arrive. Default 30 s.</summary>
    public TimeSpan BodyTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Messages a second that one principal may send on average. Default 20.</summary>
    public double MessagesPerSecond { get; set; } = 20;

    /// <summary>Messages that one principal may send at once after a pause. Default 40.</summary>
    public int MessageBurst { get; set; } = 40;

    /// <summary>Requests of one principal that may be in progress. Default 16.</summary>
    public int ConcurrentRequests { get; set; } = 16;

    /// <summary>Open event streams of one principal: GET streams and <c>subscriptions/listen</c>. Default 16.</summary>
    public int ConcurrentStreams { get; set; } = 16;

    /// <summary>Open connections. Default 512.</summary>
    public int MaxConnections { get; set; } = 512;

    /// <summary>How long a legacy session may be idle. Default 30 min.</summary>
    public TimeSpan SessionIdle { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Idle legacy sessions that are kept. Default 256.</summary>
    public int MaxIdleSessions { get; set; } = 256;
}

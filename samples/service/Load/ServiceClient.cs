using System.Net.Sockets;
using System.Text.Json;

namespace PolyClaw.Samples.Service.Load;

/// <summary>Asks the service and looks at what it answers.</summary>
/// <param name="url">Where it answers.</param>
/// <param name="handler">Carries the requests; owned.</param>
/// <param name="timeout">How long an answer may take.</param>
internal sealed class ServiceClient(Uri url, HttpMessageHandler handler, TimeSpan timeout) : IDisposable
{
    /// <summary>The header by which the gateway knows a session.</summary>
    public const string SessionHeader = "X-Session-Key";

    private const int BodyBytes = 64 * 1024;
    private const int SlowMs = 400;
    private const int Events = 5;
    private const int EventPauseMs = 100;
    private const int LongestAnswer = 64 * 1024;

    private readonly HttpClient _client = new(handler) { Timeout = timeout, MaxResponseContentBufferSize = LongestAnswer };
    private readonly Uri _slow = new UriBuilder(url) { Query = $"ms={SlowMs}" }.Uri;
    private readonly Uri _stream = new UriBuilder(url) { Path = url.AbsolutePath.TrimEnd('/') + "/stream", Query = $"n={Events}&ms={EventPauseMs}" }.Uri;
    private readonly byte[] _body = new byte[BodyBytes];

    /// <summary>Straight to the service: no proxy, no redirects, a connection for each request in flight.</summary>
    public static HttpMessageHandler Handler(int connections) => new SocketsHttpHandler
    {
        MaxConnectionsPerServer = connections,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
    };

    /// <summary>How long an answer takes by the request's own wish, which is not the service's latency.</summary>
    public static TimeSpan AskedOf(RequestKind kind) => TimeSpan.FromMilliseconds(kind switch
    {
        RequestKind.Slow => SlowMs,
        RequestKind.Stream => (Events - 1) * EventPauseMs,
        _ => 0,
    });

    /// <summary>One request; what goes wrong on the way is an answer too.</summary>
    public async Task<Answer> AskAsync(RequestKind kind, string? session)
    {
        try
        {
            using var request = RequestOf(kind);
            if (session is not null)
                request.Headers.Add(SessionHeader, session);
            using var response = await _client.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            return response.IsSuccessStatusCode ? Judge(kind, text) : Answer.Failed($"status {(int)response.StatusCode}");
        }
        catch (HttpRequestException failed)
        {
            return Answer.Failed(failed.InnerException is SocketException socket ? $"{socket.SocketErrorCode}" : $"{failed.HttpRequestError}");
        }
        catch (TaskCanceledException)
        {
            return Answer.Failed("no answer in time");
        }
    }

    public void Dispose() => _client.Dispose();

    // The empty content of a GET is not idle: a request with content is never sent again on a new connection when the old
    // one breaks, and a request that was lost must not look answered.
    private HttpRequestMessage RequestOf(RequestKind kind) => kind switch
    {
        RequestKind.Body => new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(_body) },
        RequestKind.Slow => new HttpRequestMessage(HttpMethod.Get, _slow) { Content = new ByteArrayContent([]) },
        RequestKind.Stream => new HttpRequestMessage(HttpMethod.Get, _stream) { Content = new ByteArrayContent([]) },
        _ => new HttpRequestMessage(HttpMethod.Get, url) { Content = new ByteArrayContent([]) },
    };

    private static Answer Judge(RequestKind kind, string text)
    {
        if (kind == RequestKind.Stream)
        {
            var events = text.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).ToList();
            return events.Count == Events ? Answer.Good(Read(events[0]["data: ".Length..]).Version) : Answer.Failed($"{events.Count} of {Events} events");
        }

        var (version, bytes) = Read(text);
        return kind != RequestKind.Body || bytes == BodyBytes ? Answer.Good(version) : Answer.Failed($"{bytes?.ToString() ?? "an unknown number"} of {BodyBytes} bytes arrived");
    }

    // Another program than the sample's may answer: then there is no version to tell.
    private static (string? Version, long? Bytes) Read(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                return (null, null);
            var version = json.RootElement.TryGetProperty("version", out var said) && said.ValueKind == JsonValueKind.String ? said.GetString() : null;
            return (version, json.RootElement.TryGetProperty("bytes", out var counted) && counted.ValueKind == JsonValueKind.Number && counted.TryGetInt64(out var bytes) ? bytes : null);
        }
        catch (JsonException)
        {
            return (null, null);
        }
    }
}

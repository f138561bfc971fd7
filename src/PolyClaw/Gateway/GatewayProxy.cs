using System.Net;
using PolyClaw.Core.Services;
using Yarp.ReverseProxy.Forwarder;

namespace PolyClaw.Gateway;

/// <summary>
/// Hands each request to a replica: <c>/{service}/rest</c> goes to that service as <c>/rest</c>, and so does any path whose host is
/// <c>{service}.localhost</c>. A replica that cannot be reached is passed over once for requests that may be repeated.
/// </summary>
internal sealed partial class GatewayProxy(IHttpForwarder forwarder, RouteTable routes, Flights flights, TrafficCounts counts, Waking waking, TimeProvider clock, ILogger<GatewayProxy> log) : IDisposable
{
    /// <summary>A client's own name for its session, which then stays with one version.</summary>
    public const string SessionHeader = "X-Session-Key";

    private const string HostEnd = ".localhost";

    private static readonly ForwarderRequestConfig Forwarding = new() { ActivityTimeout = TimeSpan.FromMinutes(5) };

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
    });

    /// <summary>Answers a request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        if (Target(context.Request) is not var (service, path) || routes.Find(service) is not { } found)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "no such service; it is the first part of the path, or of the host before .localhost");
            return;
        }

        counts.Came(found.Tenant, found.Service);
        var session = SessionOf(context.Request);
        if ((VersionChoice.Of(found, session) ?? await waking.WakeAsync(found, service, session, context.RequestAborted)) is not { } version)
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, $"{service} has no replica that is well");
            return;
        }

        var began = clock.GetTimestamp();
        var (last, failed) = (version.Replicas[0].Id, true);
        try
        {
            failed = !await ForwardAsync(context, path, version, replica => last = replica);
        }
        finally
        {
            // A client that went away is no failure of the service's.
            counts.Answered(last, clock.GetElapsedTime(began), failed && !context.RequestAborted.IsCancellationRequested);
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Whether the replica answered, and with no server's error.</summary>
    private async Task<bool> ForwardAsync(HttpContext context, PathString path, VersionRoute version, Action<ReplicaId> goesTo)
    {
        ReplicaRoute? tried = null;
        while (true)
        {
            var replica = flights.Choose(version.Replicas, tried);
            goesTo(replica.Id);
            using var flight = flights.Begin(replica.Id);
            var error = await forwarder.SendAsync(context, replica.Address.ToString(), _client, Forwarding, new ToReplica(path));
            if (error is ForwarderError.None)
                return context.Response.StatusCode < StatusCodes.Status500InternalServerError;
            LogFailed(replica.Id.ToString(), error);
            if (tried is not null || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested || version.Replicas.Count == 1 || !MayRepeat(context.Request))
                return false;
            tried = replica;
            context.Response.Clear();
        }
    }

    // Nothing of a request without a body is used up, and these methods may be repeated (RFC 9110, section 9.2.2).
    private static bool MayRepeat(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method) || HttpMethods.IsDelete(request.Method))
        && request.ContentLength is null or 0
        && !request.Headers.ContainsKey("Transfer-Encoding");

    private static (string Service, PathString Path)? Target(HttpRequest request)
    {
        if (request.Host.Host is { } host && host.EndsWith(HostEnd, StringComparison.OrdinalIgnoreCase) && host.Length > HostEnd.Length)
            return (host[..^HostEnd.Length].ToLowerInvariant(), request.Path);
        var path = request.Path.Value ?? "/";
        var end = path.IndexOf('/', 1);
        var service = end < 0 ? path[1..] : path[1..end];
        return service.Length == 0 ? null : (service, end < 0 ? "/" : path[end..]);
    }

    private static string? SessionOf(HttpRequest request) =>
        request.Headers.TryGetValue(SessionHeader, out var keys) && keys is [{ Length: > 0 and <= 256 } key] ? key : null;

    private static async Task RefuseAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(message + "\n", context.RequestAborted);
    }

    [LoggerMessage(LogLevel.Warning, "A request to {Replica} failed: {Error}")]
    private partial void LogFailed(string replica, ForwarderError error);

    /// <summary>The request as the replica gets it: the path without the service's name, and who asked.</summary>
    private sealed class ToReplica(PathString path) : HttpTransformer
    {
        public override async ValueTask TransformRequestAsync(HttpContext context, HttpRequestMessage request, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(context, request, destinationPrefix, cancellationToken);
            request.RequestUri = RequestUtilities.MakeDestinationAddress(destinationPrefix, path, context.Request.QueryString);
            request.Headers.Host = null;
            request.Headers.Remove("X-Forwarded-For");
            request.Headers.Remove("X-Forwarded-Proto");
            request.Headers.Remove("X-Forwarded-Host");
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", context.Connection.RemoteIpAddress?.ToString());
            request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", context.Request.Scheme);
            request.Headers.TryAddWithoutValidation("X-Forwarded-Host", context.Request.Host.Value);
        }
    }
}

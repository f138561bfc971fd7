using System.Net;
using PolyClaw.Core.Services;
using Yarp.ReverseProxy.Forwarder;

namespace PolyClaw.Gateway;

/// <summary>
/// Hands each request to a replica: <c>/{service}/rest</c> goes to that service as <c>/rest</c>, and so does any path whose host is
/// <c>{service}.localhost</c>. A replica that fails is passed over once, for requests that may be repeated and for those that never got there.
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

        ReplicaRoute? tried = null;
        while (Board(service, session, version, tried) is var (replica, flight))
        {
            using (flight)
            {
                if (await ForwardAsync(context, path, replica) || tried is not null || !MayRepeat(context))
                    return;
            }

            tried = replica;
            if (routes.Find(service) is not { } now || VersionChoice.Of(now, session, without: replica.Id) is not { } other)
                return;
            version = other;
            context.Response.Clear();
        }

        await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, $"{service} has no replica that is well");
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Where the request goes, counted as under way there; nothing when there is no replica any more.</summary>
    private (ReplicaRoute Replica, IDisposable Flight)? Board(string service, string? session, VersionRoute version, ReplicaRoute? tried)
    {
        while (true)
        {
            var replica = flights.Choose(version.Replicas, tried);
            var flight = flights.Begin(replica.Id);
            // Who ends a replica takes it out of the routes and then waits for what is under way there. This request counts by now: either the
            // replica is still in the routes and this one is waited for, or it has been taken out and this one goes elsewhere.
            if (routes.Has(service, replica))
                return (replica, flight);
            flight.Dispose();
            if (routes.Find(service) is not { } now || VersionChoice.Of(now, session, tried?.Id) is not { } other)
                return null;
            version = other;
        }
    }

    /// <summary>Whether the replica answered, whatever it said.</summary>
    private async Task<bool> ForwardAsync(HttpContext context, PathString path, ReplicaRoute replica)
    {
        var began = clock.GetTimestamp();
        var (answered, failed) = (false, true);
        try
        {
            var error = await forwarder.SendAsync(context, replica.Address.ToString(), _client, Forwarding, new ToReplica(path));
            answered = error is ForwarderError.None;
            failed = !answered || context.Response.StatusCode >= StatusCodes.Status500InternalServerError;
            if (!answered)
                LogFailed(replica.Id.ToString(), error);
            return answered;
        }
        finally
        {
            // A client that went away is no failure of the service's.
            counts.Answered(replica.Id, clock.GetElapsedTime(began), failed && !context.RequestAborted.IsCancellationRequested);
        }
    }

    private static bool MayRepeat(HttpContext context) =>
        !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested && (NeverArrived(context) || IsRepeatable(context.Request));

    // No connection came about, so nothing of the request was read, whatever its method.
    private static bool NeverArrived(HttpContext context) => context.GetForwarderErrorFeature()?.Exception is
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } or OperationCanceledException { InnerException: TimeoutException };

    // Nothing of a request without a body is used up, and these methods may be repeated (RFC 9110, section 9.2.2).
    private static bool IsRepeatable(HttpRequest request) =>
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

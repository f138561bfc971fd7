using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ModelContextProtocol.AspNetCore;
using PolyClaw.Mcp.Wire;

namespace PolyClaw.Http;

/// <summary>
/// MCP over HTTP, guarded. In order: host, origin, token, rate, session methods, then the message itself; only what passes all of them
/// reaches the protocol library. Clients of both eras are served: sessions for those that say <c>initialize</c>, none for the others.
/// </summary>
internal static class McpHttpPipeline
{
    private const int MaxHeaderBytes = 16 * 1024;

    /// <summary>Registers the protocol library's HTTP side, the limits of Kestrel and the one address to listen on.</summary>
    /// <exception cref="FormatException">The address is not a loopback one.</exception>
    public static IMcpServerBuilder AddMcpHttp(this WebApplicationBuilder builder, McpHttpOptions options)
    {
        LoopbackAddress.Require(options.Listen);
        builder.Services.AddSingleton(options);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddHttpContextAccessor();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            Limit(kestrel, options);
            kestrel.Listen(options.Listen);
        });
        return builder.Services.AddMcpServer()
            .WithHttpTransport(http =>
            {
                http.SessionMode = HttpServerSessionMode.StatefulForInitializeClients;
#pragma warning disable MCP9006 // Sessions are for clients of the earlier revisions, which still exist.
                http.IdleTimeout = options.SessionIdle;
                http.MaxIdleSessionCount = options.MaxIdleSessions;
#pragma warning restore MCP9006
            })
            .WithCallGuards();
    }

    /// <summary>Puts the guards before everything that is mapped, and maps MCP and <c>/health</c>.</summary>
    public static void MapMcpHttp(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<McpHttpOptions>();
        app.UseMiddleware<HostGuard>();
        app.UseMiddleware<OriginGuard>();
        app.MapWhen(IsHealth, health => health.Run(context => context.Response.WriteAsync("ok", context.RequestAborted)));
        app.UseMiddleware<TokenGuard>();
        app.UseMiddleware<RateGuard>();
        // By segments, as routing matches: a slash at the end or another case is the same place.
        app.UseWhen(context => context.Request.Path.StartsWithSegments(options.Path), mcp =>
        {
            mcp.UseMiddleware<SessionGuard>();
            mcp.UseMiddleware<MessageGuard>();
        });
        app.MapMcp(options.Path);
    }

    private static bool IsHealth(HttpContext context) => HttpMethods.IsGet(context.Request.Method) && context.Request.Path == "/health";

    private static void Limit(KestrelServerOptions kestrel, McpHttpOptions options)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = options.MaxBodyBytes;
        limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.MaxConcurrentConnections = options.MaxConnections;
        limits.Http2.MaxStreamsPerConnection = 64;
    }
}

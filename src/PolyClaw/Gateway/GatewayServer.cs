using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Yarp.ReverseProxy.Forwarder;

namespace PolyClaw.Gateway;

/// <summary>The gateway's listener: takes requests and hands them to <see cref="GatewayProxy"/>.</summary>
internal sealed class GatewayServer : IAsyncDisposable
{
    // Headers and start line of a request; its body passes through, whatever its size.
    private const int MostHeaderBytes = 64 * 1024;

    private readonly WebApplication _app;

    private GatewayServer(WebApplication app, GatewayProxy proxy, Uri address) => (_app, Proxy, Address) = (app, proxy, address);

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>What it hands requests to.</summary>
    public GatewayProxy Proxy { get; }

    /// <summary>Starts it.</summary>
    /// <param name="listen">Address and port; port 0 for one that is free.</param>
    /// <param name="routes">The routes in force.</param>
    /// <param name="flights">The requests under way.</param>
    /// <param name="counts">What is known of the requests.</param>
    /// <param name="waking">What requests to sleeping services wait with.</param>
    /// <param name="own">Answers a request that is meant for the gateway itself, and says whether it did.</param>
    /// <param name="clock">Time.</param>
    /// <param name="logs">Logs.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">The address is taken.</exception>
    public static async Task<GatewayServer> StartAsync(IPEndPoint listen, RouteTable routes, Flights flights, TrafficCounts counts, Waking waking, Func<HttpContext, Task<bool>>? own, TimeProvider clock, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MaxRequestHeadersTotalSize = MostHeaderBytes;
            kestrel.Listen(listen);
        });
        builder.Services.AddSingleton(logs);
        builder.Services.AddHttpForwarder();
        builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton(services => new GatewayProxy(services.GetRequiredService<IHttpForwarder>(), routes, flights, counts, waking, clock, logs.CreateLogger<GatewayProxy>()));
        var app = builder.Build();
        var proxy = app.Services.GetRequiredService<GatewayProxy>();
        app.Run(own is null ? proxy.HandleAsync : async context =>
        {
            if (!await own(context))
                await proxy.HandleAsync(context);
        });
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new GatewayServer(app, proxy, new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/"));
    }

    /// <summary>Stops listening and lets what is under way end, for a while.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

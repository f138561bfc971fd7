using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PolyClaw.Core.Services;

namespace PolyClaw.Tests.Gateway;

/// <summary>A real HTTP server on loopback that stands for a replica.</summary>
internal sealed class FakeReplica : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeReplica(WebApplication app, ReplicaRoute route) => (_app, Route) = (app, route);

    public ReplicaRoute Route { get; }

    /// <summary>Starts one that says which version it is, and what it was asked.</summary>
    public static Task<FakeReplica> StartAsync(int version, int number = 1) => StartAsync(version, number, async context =>
    {
        using var body = new StreamReader(context.Request.Body);
        await context.Response.WriteAsync($"v{version} {context.Request.Method} {context.Request.Path}{context.Request.QueryString} {await body.ReadToEndAsync()}");
    });

    public static async Task<FakeReplica> StartAsync(int version, int number, RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync(TestContext.Current.CancellationToken);
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/");
        return new FakeReplica(app, new ReplicaRoute(new ReplicaId("local", "web", version, number), address));
    }

    /// <summary>Goes at once, whatever is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}

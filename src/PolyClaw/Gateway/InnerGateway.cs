using System.Net;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Services;

namespace PolyClaw.Gateway;

/// <summary>A gateway in this process: listens once it is opened, and says what it knows of the requests.</summary>
internal sealed class InnerGateway(GatewayOptions options, TimeProvider clock, ILoggerFactory logs) : IServiceTraffic, IAsyncDisposable
{
    private readonly RouteTable _routes = new();
    private readonly Flights _flights = new();
    private readonly TrafficCounts _counts = new(clock);
    private readonly SemaphoreSlim _opening = new(1, 1);
    private volatile GatewayServer? _server;
    private Waking? _waking;

    /// <inheritdoc/>
    public event Action<string, string>? Wanted;

    /// <summary>Where it listens; nothing while it does not.</summary>
    public Uri? Address => _server?.Address;

    /// <summary>Answers requests for the gateway itself, under <c>/-/</c>, which no service can be called.</summary>
    public Func<HttpContext, Task<bool>>? Own { get; init; }

    /// <inheritdoc/>
    public async Task<Fault?> OpenAsync(CancellationToken cancellationToken)
    {
        if (_server is not null)
            return null;
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_server is not null)
                return null;
            if (_waking is null)
            {
                _waking = new Waking(_routes, options.WakeWithin, clock);
                _waking.Wanted += (tenant, service) => Wanted?.Invoke(tenant, service);
            }

            _server = await GatewayServer.StartAsync(options.ReadListen()!, _routes, _flights, _counts, _waking, AnswerAsync, clock, logs, cancellationToken);
            return null;
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            return new Fault(
                "gateway_address", $"the gateway cannot listen on {options.Listen}: {e.Message}", "Gateway:Listen",
                "another port in the settings, for example POLYCLAW__GATEWAY__LISTEN=127.0.0.1:0 for any that is free; 'polyclaw stop', then try again");
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <inheritdoc/>
    public Uri? AddressOf(string tenant, string service) => _server is { } server ? new Uri(server.Address, RouteTable.KeyOf(tenant, service) + "/") : null;

    /// <inheritdoc/>
    public void Publish(IReadOnlyList<ServiceRoutes> routes)
    {
        var before = _routes.All;
        _routes.Publish(routes);
        foreach (var gone in before.Where(b => !routes.Any(r => r.Tenant == b.Tenant && r.Service == b.Service)))
            _counts.Forget(gone.Tenant, gone.Service);
    }

    /// <inheritdoc/>
    public RequestFigures Requests(string tenant, string service, int version, TimeSpan within) => _counts.Of(tenant, service, version).Last(within);

    /// <inheritdoc/>
    public int InFlight(ReplicaId replica) => _flights.At(replica);

    /// <inheritdoc/>
    public DateTimeOffset? LastRequest(string tenant, string service) => _counts.Last(tenant, service);

    /// <inheritdoc/>
    public Task DrainedAsync(ReplicaId replica, CancellationToken cancellationToken) => _flights.NoneAsync(replica, clock, cancellationToken);

    /// <inheritdoc/>
    public void Forget(ReplicaId replica)
    {
        _flights.Forget(replica);
        _counts.Forget(replica);
    }

    /// <summary>How it stands, for an instance that asks from outside.</summary>
    /// <param name="wanted">Services that requests have waited for.</param>
    public GatewayState State(IReadOnlyList<ServiceName> wanted) => new(
        Address!.ToString(),
        [.. _flights.All.Select(flights => new ReplicaFlights(flights.Key, flights.Value)).Where(flights => flights.Count > 0)],
        [.. _routes.All.Select(r => (Routes: r, At: _counts.Last(r.Tenant, r.Service))).Where(r => r.At is not null).Select(r => new ServiceUse(r.Routes.Tenant, r.Routes.Service, r.At!.Value))],
        wanted);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is { } server)
            await server.DisposeAsync();
        _opening.Dispose();
    }

    private async Task<bool> AnswerAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments("/-", StringComparison.Ordinal))
            return false;
        if (HttpMethods.IsGet(context.Request.Method) && context.Request.Path == "/-/metrics")
        {
            context.Response.ContentType = Metrics.ContentType;
            await context.Response.WriteAsync(Metrics.Write(_routes, _counts, _flights), context.RequestAborted);
            return true;
        }

        if (Own is { } own && await own(context))
            return true;
        context.Response.StatusCode = (int)HttpStatusCode.NotFound;
        return true;
    }
}

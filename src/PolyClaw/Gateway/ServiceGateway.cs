using PolyClaw.Core.Goals;
using PolyClaw.Core.Services;

namespace PolyClaw.Gateway;

/// <summary>
/// The gateway as the instance sees it: the process of its own (<c>polyclaw gateway</c>) where there is one, else the one inside. When that process goes
/// away, the one inside takes its place with the routes that were in force.
/// </summary>
internal sealed partial class ServiceGateway : IServiceTraffic, IAsyncDisposable
{
    private readonly InnerGateway _inner;
    private readonly string _socket;
    private readonly TimeProvider _clock;
    private readonly ILogger<ServiceGateway> _log;
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _opening = new(1, 1);
    private volatile IServiceTraffic _traffic;
    private volatile OuterGateway? _outer;
    private IReadOnlyList<ServiceRoutes>? _routes;
    private bool _disposed;

    public ServiceGateway(InnerGateway inner, string socket, TimeProvider clock, ILogger<ServiceGateway> log)
    {
        (_inner, _socket, _clock, _log) = (inner, socket, clock, log);
        _traffic = inner;
        inner.Wanted += (tenant, service) => Wanted?.Invoke(tenant, service);
    }

    /// <inheritdoc/>
    public event Action<string, string>? Wanted;

    /// <summary>Where it listens; nothing while it does not.</summary>
    public Uri? Address => _outer?.Address ?? _inner.Address;

    /// <inheritdoc/>
    public async Task<Fault?> OpenAsync(CancellationToken cancellationToken)
    {
        if (_outer is { IsGone: false } || (_outer is null && _inner.Address is not null))
            return null;
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_outer is { IsGone: true } gone)
            {
                LogGone(_socket);
                _traffic = _inner;
                _outer = null;
                await gone.DisposeAsync();
            }

            if (_outer is null && _inner.Address is null && await OuterGateway.TryConnectAsync(_socket, _clock, cancellationToken) is { } outer)
            {
                outer.Wanted += (tenant, service) => Wanted?.Invoke(tenant, service);
                outer.Gone += () => _ = TakeOverAsync();
                _outer = outer;
                _traffic = outer;
                // It may be another than the one before, or the same that has missed something.
                if (Volatile.Read(ref _routes) is { } known)
                    outer.Publish(known);
                return null;
            }

            if (_outer is null && await _inner.OpenAsync(cancellationToken) is { } fault)
                return fault;
            _inner.Publish(Volatile.Read(ref _routes) ?? []);
            return null;
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <inheritdoc/>
    public Uri? AddressOf(string tenant, string service) => Address is { } address ? new Uri(address, RouteTable.KeyOf(tenant, service) + "/") : null;

    /// <inheritdoc/>
    public void Publish(IReadOnlyList<ServiceRoutes> routes)
    {
        Volatile.Write(ref _routes, routes);
        _traffic.Publish(routes);
    }

    /// <inheritdoc/>
    public bool ServesOn => _outer is { IsGone: false };

    /// <inheritdoc/>
    public RequestFigures Requests(string tenant, string service, int version, TimeSpan within) => _traffic.Requests(tenant, service, version, within);

    /// <inheritdoc/>
    public int InFlight(ReplicaId replica) => _traffic.InFlight(replica);

    /// <inheritdoc/>
    public DateTimeOffset? LastRequest(string tenant, string service) => _traffic.LastRequest(tenant, service);

    /// <inheritdoc/>
    public Task DrainedAsync(ReplicaId replica, CancellationToken cancellationToken) => _traffic.DrainedAsync(replica, cancellationToken);

    /// <inheritdoc/>
    public void Forget(ReplicaId replica) => _traffic.Forget(replica);

    /// <summary>After the process went away: another that has come, or the gateway inside, as soon as one of them can listen.</summary>
    private async Task TakeOverAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested && await OpenAsync(_stop.Token) is { } fault)
            {
                LogClosed(fault.ToString());
                await Task.Delay(Again, _clock, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The instance ends.
        }
        catch (Exception e)
        {
            LogFailed(e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The host disposes of what it knows by two names twice.
        if (Interlocked.Exchange(ref _disposed, true))
            return;
        await _stop.CancelAsync();
        if (_outer is { } outer)
            await outer.DisposeAsync();
        _opening.Dispose();
        _stop.Dispose();
    }

    [LoggerMessage(LogLevel.Warning, "No gateway listens, and it is tried again: {Why}")]
    private partial void LogClosed(string why);

    [LoggerMessage(LogLevel.Error, "The gateway's place could not be taken")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(LogLevel.Warning, "The gateway at {Socket} went away; the instance takes its place")]
    private partial void LogGone(string socket);
}

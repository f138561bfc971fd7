using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Services;

namespace PolyClaw.Gateway;

/// <summary>A gateway that is a process of its own, asked over its socket in the home. It keeps serving when this instance goes.</summary>
internal sealed class OuterGateway : IServiceTraffic, IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly HttpClient _client;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _looking;
    private volatile GatewayState _state;
    private volatile bool _gone;
    private bool _told;

    private OuterGateway(HttpClient client, GatewayState state, TimeProvider clock)
    {
        (_client, _state, _clock) = (client, state, clock);
        Address = new Uri(state.Address);
        _looking = LookOnAsync(_stop.Token);
    }

    /// <inheritdoc/>
    public event Action<string, string>? Wanted;

    /// <summary>Told once, when it has stopped answering.</summary>
    public event Action? Gone;

    /// <summary>Where it takes requests.</summary>
    public Uri Address { get; }

    /// <summary>Whether it has stopped answering.</summary>
    public bool IsGone => _gone;

    /// <summary>The gateway behind a socket, or nothing when none answers.</summary>
    public static async Task<OuterGateway?> TryConnectAsync(string socket, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!File.Exists(socket))
            return null;
        var client = new HttpClient(new SocketsHttpHandler
        {
            // Connects at once or not at all: it is on this machine, and the figures are asked for without waiting.
            ConnectCallback = (_, _) =>
            {
                var link = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    link.Connect(new UnixDomainSocketEndPoint(socket));
                    return ValueTask.FromResult<Stream>(new NetworkStream(link, ownsSocket: true));
                }
                catch
                {
                    link.Dispose();
                    throw;
                }
            },
            UseProxy = false,
        })
        {
            BaseAddress = new Uri("http://gateway/"),
            Timeout = Limit,
        };
        try
        {
            var state = await ReadAsync(client, "state", GatewayJson.Default.GatewayState, cancellationToken);
            return new OuterGateway(client, state, clock);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // A socket that a dead one left.
            client.Dispose();
            return null;
        }
    }

    /// <inheritdoc/>
    public Task<Fault?> OpenAsync(CancellationToken cancellationToken) => Task.FromResult<Fault?>(null);

    /// <inheritdoc/>
    public Uri? AddressOf(string tenant, string service) => new(Address, RouteTable.KeyOf(tenant, service) + "/");

    /// <inheritdoc/>
    public void Publish(IReadOnlyList<ServiceRoutes> routes)
    {
        var body = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new RouteSnapshot(routes), GatewayJson.Default.RouteSnapshot));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Put, "routes") { Content = body };
        // Waited for: what follows a change of the routes rests on their being in force.
        using var answer = Send(request);
        if (answer is { IsSuccessStatusCode: false })
            End();
    }

    /// <inheritdoc/>
    public RequestFigures Requests(string tenant, string service, int version, TimeSpan within)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, string.Create(
            CultureInfo.InvariantCulture, $"requests?tenant={tenant}&service={service}&version={version}&seconds={within.TotalSeconds:0.###}"));
        using var answer = Send(request);
        // No figures is what rollouts hold at, so a gateway that is away promotes nothing.
        if (answer is not { IsSuccessStatusCode: true })
            return RequestFigures.None;
        try
        {
            return JsonSerializer.Deserialize(answer.Content.ReadAsStream(), GatewayJson.Default.RequestFigures) ?? RequestFigures.None;
        }
        catch (JsonException)
        {
            End();
            return RequestFigures.None;
        }
    }

    /// <inheritdoc/>
    public int InFlight(ReplicaId replica) => InFlight(_state, replica);

    /// <inheritdoc/>
    public DateTimeOffset? LastRequest(string tenant, string service) => _state.Last.FirstOrDefault(use => use.Tenant == tenant && use.Service == service)?.At;

    /// <inheritdoc/>
    public async Task DrainedAsync(ReplicaId replica, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                if (InFlight(await ReadAsync(_client, "state", GatewayJson.Default.GatewayState, cancellationToken), replica) == 0)
                    return;
            }
            catch (Exception e) when (e is HttpRequestException or JsonException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // It does not say; whoever waits has a deadline of its own.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), _clock, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Forget(ReplicaId replica)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "forget") { Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(replica, GatewayJson.Default.ReplicaId)) };
        using var answer = Send(request);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _looking;
        _client.Dispose();
        _stop.Dispose();
    }

    private static int InFlight(GatewayState state, ReplicaId replica) => state.InFlight.FirstOrDefault(flights => flights.Replica == replica)?.Count ?? 0;

    private HttpResponseMessage? Send(HttpRequestMessage request)
    {
        try
        {
            return _client.Send(request);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            End();
            return null;
        }
    }

    private void End()
    {
        if (Interlocked.Exchange(ref _told, true))
            return;
        _gone = true;
        Gone?.Invoke();
    }

    private async Task LookOnAsync(CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            using var timer = new PeriodicTimer(Look, _clock);
            while (!_gone && await timer.WaitForNextTickAsync(cancellationToken))
            {
                _state = await ReadAsync(_client, "state", GatewayJson.Default.GatewayState, cancellationToken);
                foreach (var wanted in _state.Wanted)
                    Wanted?.Invoke(wanted.Tenant, wanted.Service);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Disposed.
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or IOException or OperationCanceledException)
        {
            End();
        }
    }

    private static async Task<T> ReadAsync<T>(HttpClient client, string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var answer = await client.GetAsync(path, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return JsonSerializer.Deserialize(await answer.Content.ReadAsByteArrayAsync(cancellationToken), type) ?? throw new JsonException("no state");
    }
}

using System.Collections.Concurrent;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Services;

namespace PolyClaw.Core.Tests.Services.Control;

/// <summary>A gateway whose figures a test chooses.</summary>
internal sealed class FakeTraffic : IServiceTraffic
{
    private IReadOnlyList<ServiceRoutes> _routes = [];

    public event Action<string, string>? Wanted;

    /// <summary>What a version has answered since its stage began.</summary>
    public Func<int, RequestFigures> Answers { get; set; } = _ => RequestFigures.None;

    /// <summary>Requests under way at each replica.</summary>
    public int UnderWay { get; set; }

    public DateTimeOffset? Last { get; set; }

    /// <summary>Every set of routes that was published for a service, as <c>v1 90 %: 4, v2 10 %: 1</c>.</summary>
    public ConcurrentQueue<string> History { get; } = new();

    public string Now => _routes.Count == 0 ? "none" : Text(_routes[0]);

    public Task<Fault?> OpenAsync(CancellationToken cancellationToken) => Task.FromResult<Fault?>(null);

    public Uri? AddressOf(string tenant, string service) => new($"http://127.0.0.1:8480/{service}/");

    public void Publish(IReadOnlyList<ServiceRoutes> routes)
    {
        _routes = routes;
        History.Enqueue(Now);
    }

    public RequestFigures Requests(string tenant, string service, int version, TimeSpan within) => Answers(version);

    public int InFlight(ReplicaId replica) => UnderWay;

    public DateTimeOffset? LastRequest(string tenant, string service) => Last;

    public Task DrainedAsync(ReplicaId replica, CancellationToken cancellationToken) => Task.CompletedTask;

    public void Forget(ReplicaId replica)
    {
    }

    public void Want(string tenant, string service) => Wanted?.Invoke(tenant, service);

    private static string Text(ServiceRoutes routes) => string.Join(", ", routes.Versions.Select(v => $"v{v.Version} {v.Weight} %: {v.Replicas.Count}"));
}

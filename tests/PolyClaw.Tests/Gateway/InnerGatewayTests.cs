#pragma warning disable xUnit1069 // Every wait is bound by Token, which is the running test's own.
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using PolyClaw.Core.Services;
using PolyClaw.Gateway;

namespace PolyClaw.Tests.Gateway;

public sealed class InnerGatewayTests : IAsyncLifetime
{
    private const int TestTimeout = 60_000;

    private readonly InnerGateway _gateway = new(new GatewayOptions { Listen = "127.0.0.1:0" }, TimeProvider.System, NullLoggerFactory.Instance);
    private readonly HttpClient _client = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeout)]
    [Trait("Promise", "P62")]
    public async Task Its_figures_are_told_in_Prometheus_text_by_service_version_and_replica()
    {
        await using var replica = await FakeReplica.StartAsync(1);
        _gateway.Publish([new ServiceRoutes("local", "web", [new VersionRoute(1, 100, [replica.Route])])]);
        for (var i = 0; i < 3; i++)
            Assert.True((await _client.GetAsync(new Uri(_gateway.AddressOf("local", "web")!, "x"), Token)).IsSuccessStatusCode);
        var text = await _client.GetStringAsync(new Uri(_gateway.Address!, "/-/metrics"), Token);
        Assert.Contains("polyclaw_gateway_requests_total{tenant=\"local\",service=\"web\",version=\"1\",replica=\"1\"} 3\n", text, StringComparison.Ordinal);
        Assert.Contains("polyclaw_gateway_request_duration_seconds_bucket{tenant=\"local\",service=\"web\",version=\"1\",replica=\"1\",le=\"+Inf\"} 3\n", text, StringComparison.Ordinal);
        Assert.Contains("polyclaw_gateway_version_weight{tenant=\"local\",service=\"web\",version=\"1\"} 100\n", text, StringComparison.Ordinal);
        Assert.Contains("polyclaw_gateway_requests_in_flight{tenant=\"local\",service=\"web\",version=\"1\",replica=\"1\"} 0\n", text, StringComparison.Ordinal);
        Assert.Equal(3, _gateway.Requests("local", "web", 1, TimeSpan.FromMinutes(1)).Count);
    }

    [Fact(Timeout = TestTimeout)]
    [Trait("Promise", "P53")]
    public async Task A_request_to_a_service_that_sleeps_waits_until_it_is_awake()
    {
        var wanted = new TaskCompletionSource<string>();
        _gateway.Wanted += (_, service) => wanted.TrySetResult(service);
        _gateway.Publish([new ServiceRoutes("local", "web", [new VersionRoute(1, 100, [])]) { MayWake = true }]);
        var answer = _client.GetAsync(new Uri(_gateway.AddressOf("local", "web")!, "x"), Token);
        Assert.Equal("web", await wanted.Task);
        Assert.False(answer.IsCompleted);
        await using var replica = await FakeReplica.StartAsync(1);
        _gateway.Publish([new ServiceRoutes("local", "web", [new VersionRoute(1, 100, [replica.Route])]) { MayWake = true }]);
        Assert.Equal(HttpStatusCode.OK, (await answer).StatusCode);
    }

    [Fact(Timeout = TestTimeout)]
    [Trait("Promise", "P26")]
    public async Task Services_of_one_name_of_two_tenants_are_two()
    {
        await using var own = await FakeReplica.StartAsync(1);
        await using var other = await FakeReplica.StartAsync(2);
        _gateway.Publish(
        [
            new ServiceRoutes("local", "web", [new VersionRoute(1, 100, [own.Route])]),
            new ServiceRoutes("globex", "web", [new VersionRoute(2, 100, [other.Route])]),
        ]);
        Assert.NotEqual(_gateway.AddressOf("local", "web"), _gateway.AddressOf("globex", "web"));
        Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync(new Uri(_gateway.AddressOf("globex", "web")!, "x"), Token)).StatusCode);
        Assert.Equal((0, 1), (_gateway.Requests("local", "web", 1, TimeSpan.FromMinutes(1)).Count, _gateway.Requests("local", "web", 2, TimeSpan.FromMinutes(1)).Count));
    }

    [Fact(Timeout = TestTimeout)]
    [Trait("BadInput", "port_taken")]
    public async Task An_address_that_is_taken_is_told_by_its_setting()
    {
        await using var second = new InnerGateway(
            new GatewayOptions { Listen = $"127.0.0.1:{_gateway.Address!.Port}" }, TimeProvider.System, NullLoggerFactory.Instance);
        var fault = await second.OpenAsync(Token);
        Assert.Equal(("gateway_address", "Gateway:Listen"), (fault?.Code, fault?.Path));
        Assert.NotNull(fault?.Fix);
    }

    [Theory]
    [InlineData("0.0.0.0:80")]
    [InlineData("192.168.1.1:80")]
    [InlineData("web")]
    [InlineData("")]
    public void An_address_that_is_not_this_machines_own_is_refused_at_the_start(string listen) =>
        Assert.StartsWith("Gateway:Listen is ", new GatewayOptionsValidator().Validate(null, new GatewayOptions { Listen = listen }).FailureMessage, StringComparison.Ordinal);

    [Fact(Timeout = TestTimeout)]
    public async Task What_is_meant_for_the_gateway_itself_reaches_no_service()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync(new Uri(_gateway.Address!, "/-/nothing"), Token)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync(new Uri(_gateway.Address!, "/-"), Token)).StatusCode);
    }

    public async ValueTask InitializeAsync() => Assert.Null(await _gateway.OpenAsync(Token));

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _gateway.DisposeAsync();
    }
}

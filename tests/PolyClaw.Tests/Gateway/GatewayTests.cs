#pragma warning disable xUnit1069 // Every wait is bound by Token, which is the running test's own.
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using PolyClaw.Core.Services;
using PolyClaw.Gateway;

namespace PolyClaw.Tests.Gateway;

public sealed class GatewayTests : IAsyncLifetime
{
    private const int TestTimeout = 60_000;

    private readonly RouteTable _routes = new();
    private readonly Flights _flights = new();
    private readonly TrafficCounts _counts = new(TimeProvider.System);
    private readonly HttpClient _client = new();
    private GatewayServer _gateway = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeout)]
    public async Task A_request_reaches_the_service_by_path_or_by_host_and_its_rest_arrives_unchanged()
    {
        await using var replica = await FakeReplica.StartAsync(1);
        Publish(Route(1, 100, replica));
        Assert.Equal("v1 GET /a/b?c=d%20e ", await _client.GetStringAsync(Url("web/a/b?c=d%20e"), Token));
        Assert.Equal("v1 GET / ", await _client.GetStringAsync(Url("web"), Token));
        using var post = await _client.PostAsync(Url("web/x"), new StringContent("body"), Token);
        Assert.Equal("v1 POST /x body", await post.Content.ReadAsStringAsync(Token));
        using var byHost = new HttpRequestMessage(HttpMethod.Get, Url("a"));
        byHost.Headers.Host = "web.localhost";
        using var answer = await _client.SendAsync(byHost, Token);
        Assert.Equal("v1 GET /a ", await answer.Content.ReadAsStringAsync(Token));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Without_a_service_or_a_replica_the_answer_says_so()
    {
        Publish(Route(1, 100));
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync(Url("nobody/x"), Token)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync(Url(""), Token)).StatusCode);
        var none = await _client.GetAsync(Url("web/x"), Token);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "web has no replica that is well\n"), (none.StatusCode, await none.Content.ReadAsStringAsync(Token)));
    }

    [Fact(Timeout = TestTimeout)]
    [Trait("Promise", "P52")]
    public async Task Traffic_is_shared_by_weight_and_counted_by_version()
    {
        await using var old = await FakeReplica.StartAsync(1);
        await using var next = await FakeReplica.StartAsync(2, 1, context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        });
        Publish(Route(1, 75, old), Route(2, 25, next));
        for (var i = 0; i < 200; i++)
            using (await AskAsync("session-" + i))
            {
                // Only who answered counts.
            }

        var (before, after) = (_counts.Of("local", "web", 1).Last(TimeSpan.FromMinutes(5)), _counts.Of("local", "web", 2).Last(TimeSpan.FromMinutes(5)));
        Assert.Equal(200, before.Count + after.Count);
        Assert.InRange(after.Count, 30, 70);
        Assert.Equal((0, after.Count), (before.Failures, after.Failures));
    }

    [Fact(Timeout = TestTimeout)]
    [Trait("Promise", "P55")]
    public async Task A_replica_that_takes_no_connection_is_passed_over_whatever_is_asked()
    {
        await using var alive = await FakeReplica.StartAsync(1, 1);
        var gone = await FakeReplica.StartAsync(1, 2);
        await gone.DisposeAsync();
        Publish(new VersionRoute(1, 100, [alive.Route, gone.Route]));
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal("v1 GET /x ", await _client.GetStringAsync(Url("web/x"), Token));
            using var post = await _client.PostAsync(Url("web/x"), new StringContent("pay"), Token);
            Assert.Equal("v1 POST /x pay", await post.Content.ReadAsStringAsync(Token));
        }
    }

    [Fact(Timeout = TestTimeout)]
    [Trait("Promise", "P55")]
    [Trait("Fault", "replica-dies")]
    public async Task A_replica_that_breaks_off_is_passed_over_for_what_may_be_repeated_and_told_of_for_the_rest()
    {
        await using var alive = await FakeReplica.StartAsync(1, 1);
        await using var breaks = await BreakingAsync(1, 2);
        Publish(new VersionRoute(1, 100, [alive.Route, breaks.Route]));
        for (var i = 0; i < 40; i++)
            Assert.Equal("v1 GET /x ", await _client.GetStringAsync(Url("web/x"), Token));
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 40; i++)
            using (var answer = await _client.PostAsync(Url("web/x"), new StringContent("pay"), Token))
                statuses.Add(answer.StatusCode);
        Assert.Contains(HttpStatusCode.BadGateway, statuses);
        Assert.Contains(HttpStatusCode.OK, statuses);
    }

    [Fact(Timeout = TestTimeout)]
    [Trait("Promise", "P55")]
    [Trait("Fault", "replica-dies")]
    public async Task What_the_only_replica_of_a_version_fails_goes_to_the_other_version_and_counts_against_the_first()
    {
        await using var alive = await FakeReplica.StartAsync(1);
        await using var breaks = await BreakingAsync(2, 1);
        Publish(Route(1, 50, alive), Route(2, 50, breaks));
        for (var i = 0; i < 40; i++)
            Assert.Equal("v1 GET /x ", await _client.GetStringAsync(Url("web/x"), Token));
        var (before, after) = (_counts.Of("local", "web", 1).Last(TimeSpan.FromMinutes(5)), _counts.Of("local", "web", 2).Last(TimeSpan.FromMinutes(5)));
        Assert.Equal((40, 0), (before.Count, before.Failures));
        Assert.InRange(after.Failures, 1, 40);
        Assert.Equal(after.Count, after.Failures);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_stream_passes_as_it_comes()
    {
        var go = new TaskCompletionSource();
        await using var replica = await FakeReplica.StartAsync(1, 1, async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: 1\n\n");
            await context.Response.Body.FlushAsync();
            await go.Task;
            await context.Response.WriteAsync("data: 2\n\n");
        });
        Publish(Route(1, 100, replica));
        using var answer = await _client.GetAsync(Url("web/stream"), HttpCompletionOption.ResponseHeadersRead, Token);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(Token));
        Assert.Equal("data: 1", await lines.ReadLineAsync(Token));
        Assert.Equal(1, _flights.At(replica.Route.Id));
        go.SetResult();
        Assert.Equal("\ndata: 2\n\n", await lines.ReadToEndAsync(Token));
        await _flights.NoneAsync(replica.Route.Id, TimeProvider.System, Token);
    }

    [Fact(Timeout = TestTimeout)]
    [Trait("Promise", "P55")]
    public async Task No_request_is_lost_while_replicas_are_exchanged_after_they_are_drained() =>
        Assert.Equal(0, await FailuresAsync(drain: true));

    /// <summary>The control: were nothing lost here either, the test above would prove nothing.</summary>
    [Fact(Timeout = TestTimeout)]
    [Trait("Promise", "P55")]
    public async Task Requests_are_lost_when_a_replica_is_stopped_before_its_traffic_is_moved() =>
        Assert.NotEqual(0, await FailuresAsync(drain: false));

    public async ValueTask InitializeAsync() =>
        _gateway = await GatewayServer.StartAsync(new IPEndPoint(IPAddress.Loopback, 0), _routes, _flights, _counts, new Waking(_routes, TimeSpan.FromSeconds(10), TimeProvider.System), own: null, TimeProvider.System, NullLoggerFactory.Instance, Token);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _gateway.DisposeAsync();
    }

    /// <summary>Requests of several kinds from several clients, while one replica after the other takes the place of the last.</summary>
    private async Task<int> FailuresAsync(bool drain)
    {
        var (failures, asked) = (0, 0);
        var current = await SlowAsync(1);
        Publish(Route(1, 100, current));
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var clients = Enumerable.Range(0, 8).Select(kind => Task.Run(() => AskOnAsync(kind, done.Token), Token)).ToList();
        for (var version = 2; version <= 20; version++)
        {
            var reached = Volatile.Read(ref asked) + 20;
            while (Volatile.Read(ref asked) < reached)
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Token);
            var next = await SlowAsync(version);
            if (!drain)
                await current.DisposeAsync();
            Publish(Route(version, 100, next));
            if (drain)
            {
                await _flights.NoneAsync(current.Route.Id, TimeProvider.System, Token);
                await current.DisposeAsync();
            }

            current = next;
        }

        await done.CancelAsync();
        await Task.WhenAll(clients);
        await current.DisposeAsync();
        return failures;

        async Task AskOnAsync(int kind, CancellationToken until)
        {
            while (!until.IsCancellationRequested)
            {
                try
                {
                    using var answer = kind % 2 == 0
                        ? await _client.GetAsync(Url("web/slow"), Token)
                        : await _client.PostAsync(Url("web/slow"), new StringContent(new string('x', 10_000)), Token);
                    if (answer.StatusCode != HttpStatusCode.OK || await answer.Content.ReadAsStringAsync(Token) != "one two")
                        Interlocked.Increment(ref failures);
                }
                catch (HttpRequestException)
                {
                    Interlocked.Increment(ref failures);
                }

                Interlocked.Increment(ref asked);
            }
        }

        static Task<FakeReplica> SlowAsync(int version) => FakeReplica.StartAsync(version, 1, async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            await context.Response.WriteAsync("one ");
            await context.Response.Body.FlushAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
            await context.Response.WriteAsync("two");
        });
    }

    private static Task<FakeReplica> BreakingAsync(int version, int number) => FakeReplica.StartAsync(version, number, async context =>
    {
        await context.Request.Body.CopyToAsync(Stream.Null);
        context.Abort();
    });

    private static VersionRoute Route(int version, int weight, params FakeReplica[] replicas) => new(version, weight, [.. replicas.Select(replica => replica.Route)]);

    private void Publish(params VersionRoute[] versions) => _routes.Publish([new ServiceRoutes("local", "web", versions)]);

    private Uri Url(string path) => new(_gateway.Address, path);

    private async Task<HttpResponseMessage> AskAsync(string session)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Url("web/x"));
        request.Headers.Add(GatewayProxy.SessionHeader, session);
        return await _client.SendAsync(request, Token);
    }
}

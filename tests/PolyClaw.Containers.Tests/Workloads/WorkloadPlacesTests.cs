#pragma warning disable xUnit1069 // Every wait is bound by Token, which is the running test's own.
using Microsoft.Extensions.Logging.Abstractions;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Containers.Tests.Engines;
using PolyClaw.Containers.Workloads;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Services;

namespace PolyClaw.Containers.Tests.Workloads;

/// <summary>Two engines: this machine's, and one at another place that is reached over mutual TLS.</summary>
[Collection(PlacesTests.Name)]
[Trait("Promise", "P50")]
[Trait("Promise", "P66")]
[Trait("Promise", "D3")]
public sealed class WorkloadPlacesTests(DefaultEngine here, TlsEngine there) : IAsyncLifetime
{
    private const int TestTimeout = 90_000;
    private const string Place = "pop-up-nyc";
    private const string Healthy = "echo ok >/tmp/healthz; exec busybox httpd -f -p 8080 -h /tmp";

    private static readonly ReplicaId Near = new("acme", "web", 1, 1);
    private static readonly ReplicaId Far = new("acme", "cache", 1, 1);

    private string _instance = "";
    private WorkloadSet _set = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeout)]
    public async Task A_replica_at_a_location_is_there_and_only_there_answers_and_leaves_nothing()
    {
        Assert.Null(await _set.StartAsync(Far, Spec(there, Place), Token));
        var healthy = await UntilHealthyAsync(Far);
        Assert.Equal(Place, healthy.Location);
        Assert.Equal(TlsEngine.Options.Address, healthy.Address!.Host);
        using var client = new HttpClient();
        Assert.Equal("ok\n", await client.GetStringAsync(new Uri(healthy.Address, "/healthz"), Token));
        Assert.Single(await there.Api.NamesAsync(_instance));
        Assert.Empty(await here.Api.NamesAsync(_instance));

        Assert.Null(await _set.RemoveAsync(Far, TimeSpan.FromSeconds(5), Token));
        Assert.Empty(_set.List());
        Assert.Empty(await there.Api.NamesAsync(_instance));
    }

    [Fact(Timeout = TestTimeout)]
    [Trait("Promise", "P60")]
    public async Task Replicas_of_both_places_are_listed_read_and_removed_by_whoever_comes_after()
    {
        Assert.Null(await _set.StartAsync(Near, Spec(here, null), Token));
        Assert.Null(await _set.StartAsync(Far, Spec(there, Place) with { Args = ["sh", "-c", "echo far away; " + Healthy] }, Token));
        await _set.DisposeAsync();

        _set = Open();
        Assert.Contains("far away", await _set.LogsAsync(Far, 10, Token), StringComparison.Ordinal);
        await _set.OpenAsync(Token);
        Assert.Equal([(Far, Place), (Near, null)], _set.List().Select(replica => (replica.Id, replica.Location)).OrderBy(replica => replica.Id.Service, StringComparer.Ordinal));
        await UntilHealthyAsync(Near);
        await UntilHealthyAsync(Far);
        Assert.Null(await _set.RemoveAsync(Far, TimeSpan.FromSeconds(5), Token));
        Assert.Equal(Near, Assert.Single(_set.List()).Id);
        Assert.Null(await _set.RemoveAsync(Near, TimeSpan.FromSeconds(5), Token));
        Assert.Empty(await there.Api.NamesAsync(_instance));
        Assert.Empty(await here.Api.NamesAsync(_instance));
    }

    [Fact(Timeout = TestTimeout)]
    [Trait("BadInput", "B37")]
    public async Task An_address_that_the_engines_machine_has_not_is_told_by_its_setting_and_leaves_nothing()
    {
        var options = TlsEngine.Options;
        options.Address = "10.99.99.99";
        await using var set = new WorkloadSet([Opened(EnginePlace.At(Place, options, _instance))]);
        var fault = await set.StartAsync(Far, Spec(there, Place), Token);
        Assert.Equal(("address_not_there", "Engines:pop-up-nyc:Address", false), (fault!.Error.Code, fault.Error.Path, fault.Transient));
        Assert.Empty(await there.Api.NamesAsync(_instance));
    }

    public ValueTask InitializeAsync()
    {
        here.Require();
        there.Require();
        // One id at both: what is looked for is which engine holds what bears it.
        _instance = here.NewInstance();
        _set = Open();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_set is null)
            return;
        await _set.DisposeAsync();
        foreach (var engine in new TestEngine[] { here, there })
        {
            foreach (var container in await engine.Api.NamesAsync(_instance))
                await engine.Api.RemoveAsync($"containers/{container}?force=true");
            await engine.Api.RemoveAsync("networks/" + DockerLabels.NetworkOf(_instance, "acme"));
        }
    }

    private WorkloadSet Open() => new(
    [
        Opened(new EnginePlace(null, () => (here.Endpoint, null))),
        Opened(EnginePlace.At(Place, TlsEngine.Options, _instance)),
    ]);

    private WorkloadPlace Opened(EnginePlace place) => new(place, _instance, new HealthOptions(), TimeProvider.System, NullLogger.Instance);

    private static ReplicaSpec Spec(TestEngine engine, string? location) => new(
        engine.Image, new ResourceAmounts(NanoCpus: 500_000_000, MemoryBytes: 32L << 20, Pids: 32), 8080, "/healthz", ["sh", "-c", Healthy],
        new Dictionary<string, string>(), "digest", location);

    private async Task<ReplicaInfo> UntilHealthyAsync(ReplicaId id)
    {
        while (true)
        {
            if (_set.List().FirstOrDefault(replica => replica.Id == id) is { State: ReplicaState.Healthy } healthy)
                return healthy;
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token);
        }
    }
}

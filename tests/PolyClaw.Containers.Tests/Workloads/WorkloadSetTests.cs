#pragma warning disable xUnit1069 // Every wait is bound by Token, which is the running test's own.
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Containers.Tests.Engines;
using PolyClaw.Containers.Workloads;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Services;

namespace PolyClaw.Containers.Tests.Workloads;

[Trait("Promise", "P50")]
public sealed class WorkloadSetTests
{
    private static readonly ReplicaId Id = new("acme", "web", 1, 1);
    private static readonly ReplicaSpec Spec = new(
        "example/web:1", new ResourceAmounts(NanoCpus: 500_000_000, MemoryBytes: 32L << 20, Pids: 32), 8080, "/healthz", [], new Dictionary<string, string>(), "digest");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_an_engine_a_start_says_why_and_the_list_is_empty()
    {
        await using var set = Set(EnginePlace.Local("home", Host("unix:///no/such/engine.sock")));
        await set.OpenAsync(Token);
        Assert.Empty(set.List());
        var fault = await set.StartAsync(Id, Spec, Token);
        Assert.Equal("engine_unreachable", fault!.Error.Code);
        Assert.Contains("/no/such/engine.sock", fault.Error.Message, StringComparison.Ordinal);
        Assert.Contains("start Docker", fault.Error.Fix, StringComparison.Ordinal);
        Assert.True(fault.Transient);
        Assert.True((await set.RemoveAsync(Id, TimeSpan.Zero, Token))!.Transient);
        Assert.Contains("/no/such/engine.sock", (await Assert.ThrowsAsync<IOException>(() => set.LogsAsync(Id, 10, Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_Docker_is_not_wanted_a_start_says_which_setting_forbids_it()
    {
        await using var set = Set(EnginePlace.Closed(new Fault("no_engine", "Runtime:Kind is Local", "Runtime:Kind", "Auto or Docker")));
        await set.OpenAsync(Token);
        var fault = await set.StartAsync(Id, Spec, Token);
        Assert.Equal("Runtime:Kind", fault!.Error.Path);
        Assert.False(fault.Transient);
        Assert.Null(await set.RemoveAsync(Id, TimeSpan.Zero, Token));
        Assert.Equal("", await set.LogsAsync(Id, 10, Token));
    }

    [Fact]
    public async Task An_address_that_is_none_is_told_by_its_variable()
    {
        await using var set = Set(EnginePlace.Local("home", Host("ftp://engine")));
        Assert.Equal("DOCKER_HOST", (await set.StartAsync(Id, Spec, Token))!.Error.Path);
    }

    [Fact]
    [Trait("Promise", "P22")]
    public async Task An_unknown_location_is_refused_with_those_there_are()
    {
        await using var set = Set(EnginePlace.Local("home", Host("unix:///no/such/engine.sock")), new EnginePlace("pop-up-nyc", () => (null, new Fault("x", "y"))));
        var fault = await set.StartAsync(Id, Spec with { Location = "pop-up-sfo" }, Token);
        Assert.Equal("location_unknown", fault!.Error.Code);
        Assert.Contains("pop-up-nyc", fault.Error.Fix, StringComparison.Ordinal);
        Assert.False(fault.Transient);
    }

    private static WorkloadSet Set(params EnginePlace[] places) =>
        new([.. places.Select(place => new WorkloadPlace(place, "home", new HealthOptions(), new FakeTimeProvider(), NullLogger.Instance))]);

    private static Func<string, string?> Host(string address) => name => name == "DOCKER_HOST" ? address : null;
}

[Collection(DefaultEngineTests.Name)]
[Trait("Promise", "P50")]
[Trait("Fault", "F4")]
public sealed class WorkloadSetOnAnEngineTests(DefaultEngine engine)
{
    private static readonly ReplicaId Id = new("acme", "web", 1, 1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task An_engine_that_was_away_is_looked_for_again_after_a_pause_and_what_stays_in_it_is_listed()
    {
        engine.Require();
        await using var proxy = new EngineProxy(engine.Socket) { Refuses = true };
        var clock = new FakeTimeProvider();
        var instance = engine.NewInstance();
        var spec = new ReplicaSpec(
            engine.Image, new ResourceAmounts(NanoCpus: 500_000_000, MemoryBytes: 32L << 20, Pids: 32), 8080, "/healthz", ["sleep", "60"], new Dictionary<string, string>(), "digest");
        await using (var first = Set(engine.Endpoint, instance, TimeProvider.System))
            Assert.Null(await first.StartAsync(Id, spec, Token));

        await using var set = Set(proxy.Endpoint, instance, clock);
        Assert.True((await set.StartAsync(Id, spec, Token))!.Transient);
        proxy.Refuses = false;
        Assert.True((await set.StartAsync(Id, spec, Token))!.Transient);
        Assert.Empty(proxy.Seen);
        clock.Advance(RuntimeSet.LookPause);
        await set.OpenAsync(Token);
        Assert.Equal(Id, Assert.Single(set.List()).Id);
        Assert.Null(await set.RemoveAsync(Id, TimeSpan.Zero, Token));
        Assert.Empty(set.List());
        Assert.Empty(await engine.Api.NamesAsync(instance));
        await engine.Api.RemoveAsync("networks/" + DockerLabels.NetworkOf(instance, "acme"));
    }

    private static WorkloadSet Set(DockerEndpoint endpoint, string instance, TimeProvider clock) =>
        new([new WorkloadPlace(new EnginePlace(null, () => (endpoint, null)), instance, new HealthOptions(), clock, NullLogger.Instance)]);
}

#pragma warning disable xUnit1069 // Every wait is bound by House.Soon, which is the running test's own.
using PolyClaw.Containers.Runtimes;
using PolyClaw.Core.Servers;

namespace PolyClaw.Containers.Tests.Children;

[Trait("Promise", "D3")]
public sealed class PlacedServersTests
{
    [Fact]
    public async Task A_server_is_started_at_its_location_and_is_a_container_there_whatever_runs_here()
    {
        var (here, there) = (new FakeRuntime(_ => new FakeChild(null)), new FakeRuntime(_ => new FakeChild(null), Isolation.Container));
        await using var house = new House(here, there: new Dictionary<string, RuntimeSet> { ["pop-up-nyc"] = RuntimeSet.Of(there) });
        var info = await house.CreatedAsync(House.ImageSpec() with { Location = "pop-up-nyc" });
        Assert.Equal(("pop-up-nyc", Isolation.Container), (info.Location, info.Isolation));
        Assert.Single(there.Started);
        Assert.Empty(here.Started);
        Assert.IsType<ToolOutcome.Answered>(await house.CallAsync());
        Assert.Equal("made by hand; at pop-up-nyc: made by hand", house.Servers.Runtime.Detail);
    }

    [Fact]
    [Trait("Promise", "P22")]
    public async Task An_unknown_location_is_refused_with_those_there_are()
    {
        var here = new FakeRuntime(_ => new FakeChild(null));
        await using var house = new House(here, there: new Dictionary<string, RuntimeSet> { ["pop-up-nyc"] = RuntimeSet.Of(here) });
        var failed = Assert.IsType<ServerOutcome.Failed>(await house.CreateAsync(House.ImageSpec() with { Location = "pop-up-sfo" }));
        Assert.Equal(("location_unknown", "/location"), (failed.Error.Code, failed.Error.Path));
        Assert.Contains("pop-up-nyc", failed.Error.Fix, StringComparison.Ordinal);
        Assert.Empty(here.Started);
    }

    [Fact]
    [Trait("Fault", "F4")]
    public async Task An_engine_that_is_away_is_named_and_may_be_back_later()
    {
        await using var house = new House(
            new FakeRuntime(_ => new FakeChild(null)), there: new Dictionary<string, RuntimeSet> { ["pop-up-nyc"] = new RuntimeSet([new Away()], TimeProvider.System, "pop-up-nyc") });
        var failed = Assert.IsType<ServerOutcome.Failed>(await house.CreateAsync(House.ImageSpec() with { Location = "pop-up-nyc" }));
        Assert.Equal(("location_away", true), (failed.Error.Code, failed.Transient));
        Assert.Contains("nobody answers", failed.Error.Message, StringComparison.Ordinal);
        Assert.Equal(["at pop-up-nyc: Docker is not used: nobody answers"], house.Servers.Runtime.Warnings);
    }

    private sealed class Away : IRuntimeSource
    {
        public Task<RuntimeFinding> FindAsync(CancellationToken cancellationToken) => Task.FromResult(new RuntimeFinding(null, "Docker is not used: nobody answers", Again: this));
    }
}

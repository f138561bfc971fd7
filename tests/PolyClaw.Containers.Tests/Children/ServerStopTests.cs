#pragma warning disable xUnit1069 // Every wait is bound by House.Soon, which is the running test's own token.
using PolyClaw.Containers.Runtimes;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Servers;

namespace PolyClaw.Containers.Tests.Children;

/// <summary>Stops that fail: the state that is told stays true, and nobody waits for ever.</summary>
public sealed class ServerStopTests
{
    [Fact(Timeout = 30_000)]
    [Trait("Fault", "F4")]
    public async Task A_removal_that_the_runtime_refuses_says_so_and_can_be_tried_again()
    {
        await using var house = new House();
        await house.CreatedAsync();
        house.Child.StopFails = Refused();
        var failed = Assert.IsType<ServerOutcome.Failed>(await RemoveAsync(house));
        Assert.Equal(("engine_timeout", true), (failed.Error.Code, failed.Transient));
        var left = Assert.Single(house.Servers.List(Permits.Tenant));
        Assert.Equal((ServerState.Unhealthy, "engine_timeout"), (left.State, left.Error?.Code));
        Assert.Equal("server_unhealthy", Assert.IsType<ToolOutcome.NotCalled>(await house.CallAsync()).Error.Code);

        house.Child.StopFails = null;
        Assert.Equal(ServerState.Removed, Assert.IsType<ServerOutcome.Done>(await RemoveAsync(house)).Server.State);
        Assert.Empty(house.Servers.List(Permits.Tenant));
        Assert.Single(house.Fake.Started);
    }

    [Fact(Timeout = 30_000)]
    [Trait("Fault", "F4"), Trait("Promise", "P43")]
    public async Task An_unused_server_that_the_runtime_does_not_stop_is_idle_all_the_same_and_wakes()
    {
        await using var house = new House();
        house.Options.HealthInterval = TimeSpan.FromHours(1);
        await house.CreatedAsync(House.ImageSpec(idleMinutes: 1));
        house.Child.StopFails = Refused();
        house.Clock.Advance(TimeSpan.FromSeconds(61));
        await house.ReachesAsync(ServerState.Idle);
        Assert.IsType<ToolOutcome.Answered>(await house.CallAsync());
    }

    [Fact(Timeout = 30_000)]
    [Trait("Fault", "F4")]
    public async Task The_end_of_the_house_is_not_stopped_by_a_server_that_does_not_stop()
    {
        var house = new House();
        await house.CreatedAsync();
        house.Child.StopFails = Refused();
        await house.DisposeAsync();
        Assert.Equal(ServerState.Idle, house.Servers.Find(Permits.Tenant, "child")!.State);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_bug_in_the_clearing_of_a_failed_start_locks_nobody_out()
    {
        var house = new House(make: _ => new FakeChild((_, method, _) => Task.FromResult(method == "tools/list")) { DisposeFails = new InvalidOperationException("a bug") });
        var creating = house.CreateAsync();
        await house.Clock.PassAsync(house.Options.ListTimeout);
        await Assert.ThrowsAsync<InvalidOperationException>(() => creating);
        Assert.Equal(ServerState.Removed, (await house.ReachesAsync(ServerState.Removed)).State);
        Assert.Empty(house.Servers.List(Permits.Tenant));
        await house.DisposeAsync();
    }

    private static RuntimeFaultException Refused() => new(new Fault("engine_timeout", "the container engine did not remove a container within 30 s"), transient: true);

    private static Task<ServerOutcome> RemoveAsync(House house) => house.Servers.RemoveAsync(Permits.Remove("child"), House.Soon);
}

#pragma warning disable xUnit1069 // Every wait is bound by House.Soon, which is the running test's own token.
using PolyClaw.Core.Servers;

namespace PolyClaw.Containers.Tests.Children;

/// <summary>Servers that run elsewhere and speak the revision before the stateless one.</summary>
public sealed class RemoteServerTests
{
    [Fact(Timeout = 30_000)]
    [Trait("BadInput", "B77")]
    public async Task A_call_that_its_caller_gives_up_is_cancelled_at_the_server()
    {
        await using var far = new FakeRemote { Hangs = "tools/call" };
        await using var house = NewHouse();
        await house.CreatedAsync(Spec(far));
        using var caller = new CancellationTokenSource();
        var call = house.CallAsync(server: "far", token: caller.Token);
        var asked = await far.SeenAsync("tools/call").WaitAsync(House.Soon);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        var cancelled = await far.SeenAsync("notifications/cancelled").WaitAsync(House.Soon);
        Assert.Equal(asked.GetProperty("id").GetRawText(), cancelled.GetProperty("params").GetProperty("requestId").GetRawText());
    }

    [Fact(Timeout = 30_000)]
    [Trait("BadInput", "B77")]
    public async Task A_call_that_takes_too_long_is_cancelled_at_the_server()
    {
        await using var far = new FakeRemote { Hangs = "tools/call" };
        await using var house = NewHouse();
        await house.CreatedAsync(Spec(far));
        var call = house.CallAsync(server: "far");
        await far.SeenAsync("tools/call").WaitAsync(House.Soon);
        house.Clock.Advance(house.Options.CallTimeout);
        Assert.True(Assert.IsType<ToolOutcome.Lost>(await call).TimedOut);
        await far.SeenAsync("notifications/cancelled").WaitAsync(House.Soon);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_call_that_is_answered_is_not_cancelled()
    {
        await using var far = new FakeRemote();
        await using var house = NewHouse();
        await house.CreatedAsync(Spec(far));
        Assert.IsType<ToolOutcome.Answered>(await house.CallAsync(server: "far"));
        Assert.IsType<ServerOutcome.Done>(await house.Servers.RemoveAsync(Permits.Remove("far"), House.Soon));
        await far.SeenAsync("DELETE").WaitAsync(House.Soon);
        Assert.False(far.HasSeen("notifications/cancelled"));
    }

    [Fact(Timeout = 30_000)]
    [Trait("BadInput", "B77")]
    public async Task A_server_that_hangs_at_its_end_holds_its_removal_for_five_seconds()
    {
        await using var far = new FakeRemote { Hangs = "DELETE" };
        await using var house = NewHouse();
        await house.CreatedAsync(Spec(far));
        var removing = house.Servers.RemoveAsync(Permits.Remove("far"), House.Soon);
        await far.SeenAsync("DELETE").WaitAsync(House.Soon);
        Assert.False(removing.IsCompleted);
        await house.Clock.PassAsync(TimeSpan.FromSeconds(5));
        Assert.IsType<ServerOutcome.Done>(await removing);
        Assert.Empty(house.Servers.List(Permits.Tenant));
    }

    [Fact]
    [Trait("Threat", "T08")]
    public async Task Plain_http_to_another_machine_is_refused_with_the_one_setting_that_allows_it()
    {
        await using var house = NewHouse();
        var failed = Assert.IsType<ServerOutcome.Failed>(await house.CreateAsync(new ServerSpec("far", new ServerSource.Remote("http://mcp.invalid/mcp"))));
        Assert.Contains("Policy:Remote:AllowPlainHttp", failed.Error.Fix, StringComparison.Ordinal);
        house.Policy.Remote.AllowPlainHttp = true;
        failed = Assert.IsType<ServerOutcome.Failed>(await house.CreateAsync(new ServerSpec("far", new ServerSource.Remote("http://mcp.invalid/mcp"))));
        Assert.Equal("remote_unreachable", failed.Error.Code);
    }

    private static House NewHouse() => new(new FakeRuntime(_ => throw new InvalidOperationException("a remote server needs no runtime")));

    private static ServerSpec Spec(FakeRemote far) => new("far", new ServerSource.Remote(far.Url));
}

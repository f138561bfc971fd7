using System.Text.Json;
using PolyClaw.Core.Servers;

namespace PolyClaw.Containers.Tests.Children;

public sealed class ChildServersTests
{
    [Fact]
    [Trait("Promise", "P03")]
    public async Task Makes_a_server_calls_its_tool_and_removes_it()
    {
        await using var house = new House();
        var info = await house.CreatedAsync();
        Assert.Equal(ServerState.Ready, info.State);
        Assert.Equal(["echo"], info.Tools.Select(t => t.Name));
        Assert.True(info.Tools[0].ReadOnly);

        var answered = Assert.IsType<ToolOutcome.Answered>(await house.CallAsync());
        Assert.Equal(FakeChild.TextResult("done"), answered.Result.GetRawText());

        var child = house.Child;
        var removed = Assert.IsType<ServerOutcome.Done>(await house.Servers.RemoveAsync(Permits.Remove("child"), House.Soon));
        Assert.Equal(ServerState.Removed, removed.Server.State);
        Assert.True(child.Exited.IsCompleted);
        Assert.Empty(house.Servers.List(Permits.Tenant));
    }

    [Fact]
    [Trait("Promise", "P34")]
    public async Task Adopts_a_server_of_the_same_key_and_refuses_one_of_another()
    {
        await using var house = new House();
        await house.CreatedAsync();
        Assert.True(Assert.IsType<ServerOutcome.Done>(await house.CreateAsync()).Adopted);
        Assert.Equal("name_taken", Assert.IsType<ServerOutcome.Failed>(await house.CreateAsync(key: "another")).Error.Code);
        Assert.Single(house.Fake.Started);
    }

    [Fact]
    public async Task Removing_what_is_not_there_succeeds()
    {
        await using var house = new House();
        Assert.IsType<ServerOutcome.Done>(await house.Servers.RemoveAsync(Permits.Remove("nobody"), House.Soon));
    }

    [Fact]
    public async Task Names_what_comes_near_an_unknown_server_or_tool()
    {
        await using var house = new House();
        await house.CreatedAsync();
        Assert.Contains("'echo'", Assert.IsType<ToolOutcome.NotCalled>(await house.CallAsync("ecko")).Error.Fix, StringComparison.Ordinal);
        Assert.Contains("'child'", Assert.IsType<ToolOutcome.NotCalled>(await house.CallAsync(server: "chield")).Error.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_arguments_that_the_tool_does_not_take_and_does_not_call_it()
    {
        await using var house = new House();
        await house.CreatedAsync();
        var fault = Assert.IsType<ToolOutcome.NotCalled>(await house.CallAsync(arguments: """{"text":5}""")).Error;
        Assert.Equal("/arguments/text", fault.Path);
        Assert.DoesNotContain(house.Child.Received, line => line.Contains("tools/call", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("BadInput", "B84")]
    public async Task Marks_a_structured_result_that_breaks_its_own_schema()
    {
        await using var house = new House(make: _ => new FakeChild((child, method, request) =>
            When(method == "tools/call", () => child.AnswerAsync(request, """{"content":[],"structuredContent":{"n":"x"}}""")))
        {
            Tools = """{"name":"echo","inputSchema":{"type":"object"},"outputSchema":{"type":"object","properties":{"n":{"type":"number"}}}}""",
        });
        await house.CreatedAsync();
        var answered = Assert.IsType<ToolOutcome.Answered>(await house.CallAsync());
        Assert.True(answered.IsError);
        Assert.Contains("/structuredContent/n", answered.Result.GetProperty("content")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Promise", "P43")]
    public async Task Stops_an_unused_server_and_wakes_it_on_use()
    {
        await using var house = new House();
        house.Options.HealthInterval = TimeSpan.FromHours(1);
        await house.CreatedAsync(House.ImageSpec(idleMinutes: 1));
        house.Clock.Advance(TimeSpan.FromSeconds(61));
        await house.ReachesAsync(ServerState.Idle);
        Assert.True(house.Child.Exited.IsCompleted);
        Assert.Single(house.Servers.Find(Permits.Tenant, "child")!.Tools);

        Assert.IsType<ToolOutcome.Answered>(await house.CallAsync());
        Assert.Equal(2, house.Fake.Started.Count);
        Assert.Equal(ServerState.Ready, house.Servers.Find(Permits.Tenant, "child")!.State);
    }

    [Fact]
    [Trait("Promise", "P43")]
    public async Task Does_not_stop_a_server_in_the_middle_of_a_call()
    {
        var called = new TaskCompletionSource<JsonElement>();
        await using var house = new House((_, method, request) => When(method == "tools/call", () => called.SetResult(request)));
        house.Options.CallTimeout = TimeSpan.FromHours(1);
        await house.CreatedAsync(House.ImageSpec(idleMinutes: 1));
        var call = house.CallAsync();
        var request = await called.Task;
        for (var i = 0; i < 6; i++)
            house.Clock.Advance(TimeSpan.FromSeconds(30));
        await house.Child.AnswerAsync(request, FakeChild.TextResult("late"));
        Assert.IsType<ToolOutcome.Answered>(await call);
        Assert.Single(house.Fake.Started);
    }

    [Fact]
    [Trait("Promise", "P43")]
    public async Task Replaces_a_server_that_does_not_answer_its_health_check()
    {
        var pinged = new TaskCompletionSource();
        var starts = 0;
        await using var house = new House(make: _ => Interlocked.Increment(ref starts) > 1
            ? new FakeChild(null)
            : new FakeChild((_, method, _) => When(method == "ping", () => pinged.TrySetResult())));
        await house.CreatedAsync();
        house.Clock.Advance(TimeSpan.FromSeconds(31));
        await pinged.Task;
        house.Clock.Advance(TimeSpan.FromSeconds(6));
        await house.ReachesAsync(ServerState.Unhealthy);
        await house.ReachesAsync(ServerState.Ready);
        Assert.Equal(2, house.Fake.Started.Count);
    }

    [Fact]
    [Trait("Promise", "P03")]
    public async Task One_dead_server_does_not_break_the_listing_or_the_others()
    {
        await using var house = new House(make: launch => launch.Server == "bad"
            ? new FakeChild((child, method, _) => When(method == "tools/call", () => child.Die()))
            : new FakeChild(null));
        house.Options.CallTimeout = TimeSpan.FromSeconds(5);
        await house.CreatedAsync(House.ImageSpec("bad"));
        Assert.IsType<ServerOutcome.Done>(await house.CreateAsync(House.ImageSpec("good"), key: "good"));
        Assert.IsType<ToolOutcome.Lost>(await house.CallAsync(server: "bad"));
        Assert.Equal(["bad", "good"], house.Servers.List(Permits.Tenant).Select(s => s.Name));
        Assert.All(house.Servers.List(Permits.Tenant), s => Assert.Single(s.Tools));
        Assert.IsType<ToolOutcome.Answered>(await house.CallAsync(server: "good"));
        Assert.Empty(house.Servers.List("another"));
    }

    [Fact]
    [Trait("Promise", "P60")]
    public async Task Takes_up_known_servers_as_idle_and_wakes_them()
    {
        await using var first = new House();
        var info = await first.CreatedAsync();
        await using var second = new House();
        await second.Servers.RestoreAsync([new RestoredServer(Permits.Grant(House.ImageSpec()), info, "key", new FilesOf())], House.Soon);
        Assert.Equal(ServerState.Idle, second.Servers.Find(Permits.Tenant, "child")!.State);
        Assert.Empty(second.Fake.Started);
        Assert.Equal("tool_unknown", Assert.IsType<ToolOutcome.NotCalled>(await second.CallAsync("other")).Error.Code);
        Assert.Empty(second.Fake.Started);
        Assert.IsType<ToolOutcome.Answered>(await second.CallAsync());
    }

    [Fact]
    [Trait("Threat", "T11")]
    public async Task A_tool_that_says_something_else_after_a_restart_is_not_called()
    {
        await using var first = new House();
        var info = await first.CreatedAsync();
        await using var second = new House(make: _ => new FakeChild(null)
        {
            Tools = """{"name":"echo","description":"now something else","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":true}}""",
        });
        await second.Servers.RestoreAsync([new RestoredServer(Permits.Grant(House.ImageSpec()), info, "key", new FilesOf())], House.Soon);
        Assert.Equal("tool_definition_changed", Assert.IsType<ToolOutcome.NotCalled>(await second.CallAsync()).Error.Code);
        Assert.Equal(ServerState.Quarantined, second.Servers.Find(Permits.Tenant, "child")!.State);
        Assert.DoesNotContain(second.Child.Received, line => line.Contains("tools/call", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Threat", "T11")]
    public async Task A_tool_that_changes_while_it_runs_is_not_called_any_more()
    {
        await using var house = new House();
        await house.CreatedAsync();
        house.Child.Tools = house.Child.Tools.Replace("\"text\"", "\"texts\"", StringComparison.Ordinal);
        await house.Child.SayAsync("""{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""");
        await house.Clock.PassAsync(TimeSpan.FromSeconds(1));
        await house.ReachesAsync(ServerState.Quarantined);
        Assert.Equal("tool_definition_changed", Assert.IsType<ToolOutcome.NotCalled>(await house.CallAsync()).Error.Code);
    }

    [Fact]
    public async Task A_call_that_its_caller_gives_up_is_cancelled_at_the_child()
    {
        var called = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource<JsonElement>();
        await using var house = new House((_, method, request) =>
            When(method == "notifications/cancelled", () => cancelled.SetResult(request)) is { IsCompletedSuccessfully: true, Result: true }
                ? Task.FromResult(true)
                : When(method == "tools/call", () => called.SetResult()));
        await house.CreatedAsync();
        using var caller = new CancellationTokenSource();
        var call = house.CallAsync(token: caller.Token);
        await called.Task;
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await cancelled.Task.WaitAsync(House.Soon);
    }

    [Fact]
    public async Task A_permit_is_used_once_and_for_its_own_action()
    {
        await using var house = new House();
        await house.CreatedAsync();
        var permit = Permits.Call("child", "echo");
        await house.Servers.CallAsync(permit, new Heard(), House.Soon);
        await Assert.ThrowsAsync<InvalidOperationException>(() => house.Servers.CallAsync(permit, new Heard(), House.Soon));
        await Assert.ThrowsAsync<InvalidOperationException>(() => house.Servers.RemoveAsync(Permits.Call("child", "echo"), House.Soon));
    }

    private static Task<bool> When(bool applies, Action act)
    {
        if (applies)
            act();
        return Task.FromResult(applies);
    }

    private static async Task<bool> When(bool applies, Func<Task> act)
    {
        if (applies)
            await act();
        return applies;
    }
}

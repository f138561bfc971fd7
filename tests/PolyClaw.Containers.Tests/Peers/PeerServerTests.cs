#pragma warning disable xUnit1069 // Every wait is bound by House.Soon, which is the running test's own.
using System.Text.Json;
using PolyClaw.Containers.Tests.Children;
using PolyClaw.Containers.Tests.Engines;
using PolyClaw.Containers.Tests.Runtimes;
using PolyClaw.Core.Servers;

namespace PolyClaw.Containers.Tests.Peers;

/// <summary>Reference MCP servers from npm, which know nothing of us, in containers: source <c>image</c>.</summary>
[Collection(DefaultEngineTests.Name)]
public sealed class PeerServerTests(DefaultEngine engine)
{
    private const int TestTimeout = 120_000;

    [Fact(Timeout = TestTimeout), Trait("Promise", "P40")]
    public async Task Everything_is_listed_whole_and_answers()
    {
        await using var house = await HouseAsync();
        var info = await house.CreatedAsync(Spec("everything"));
        Assert.Equal(Isolation.Container, info.Isolation);
        Assert.Equal(13, info.Tools.Count);
        Assert.Equal("Echo: hello ünïcödé", await TextAsync(house, "everything", "echo", """{"message":"hello ünïcödé"}"""));
        Assert.Contains("42", await TextAsync(house, "everything", "get-sum", """{"a":2,"b":40}"""), StringComparison.Ordinal);
        // Its whole environment: nothing of ours, nothing of the engine's host.
        var environment = JsonElement.Parse(await TextAsync(house, "everything", "get-env", "{}"));
        Assert.Empty(environment.EnumerateObject().Select(variable => variable.Name).Except(["HOME", "HOSTNAME", "PATH"]));
        var wrong = Assert.IsType<ToolOutcome.NotCalled>(await house.CallAsync("get-sum", """{"a":"2"}""", server: "everything"));
        Assert.StartsWith("/arguments", wrong.Error.Path, StringComparison.Ordinal);
        var structured = Assert.IsType<ToolOutcome.Answered>(await house.CallAsync("get-structured-content", """{"location":"Chicago"}""", server: "everything"));
        Assert.False(structured.IsError);
        Assert.Equal(JsonValueKind.Object, structured.Result.GetProperty("structuredContent").ValueKind);
    }

    [Fact(Timeout = TestTimeout), Trait("Promise", "P40")]
    public async Task Progress_of_a_long_call_is_told_as_it_comes()
    {
        await using var house = await HouseAsync();
        await house.CreatedAsync(Spec("everything"));
        var heard = new Heard();
        var answered = await house.CallAsync("trigger-long-running-operation", """{"duration":1,"steps":4}""", heard, "everything");
        Assert.False(Assert.IsType<ToolOutcome.Answered>(answered).IsError);
        Assert.NotEmpty(heard.Messages);
    }

    [Fact(Timeout = TestTimeout), Trait("Promise", "P40")]
    public async Task Filesystem_is_listed_whole_and_reads_its_folder_alone()
    {
        await using var house = await HouseAsync();
        var info = await house.CreatedAsync(Spec("filesystem"));
        Assert.Equal(14, info.Tools.Count);
        Assert.Contains("/data", await TextAsync(house, "filesystem", "list_allowed_directories", "{}"), StringComparison.Ordinal);
        var outside = Assert.IsType<ToolOutcome.Answered>(await house.CallAsync("read_text_file", """{"path":"/etc/passwd"}""", server: "filesystem"));
        Assert.True(outside.IsError);
        // Its root is read-only, its own folder too.
        var written = Assert.IsType<ToolOutcome.Answered>(await house.CallAsync("write_file", """{"path":"/data/x","content":"x"}""", server: "filesystem"));
        Assert.True(written.IsError);
    }

    [Fact(Timeout = TestTimeout), Trait("Promise", "P40")]
    public async Task Filesystem_writes_where_a_folder_for_writing_is_given()
    {
        await using var house = await HouseAsync();
        await house.CreatedAsync(Spec("filesystem", ["/tmp"]));
        await TextAsync(house, "filesystem", "write_file", """{"path":"/tmp/note.txt","content":"kept"}""");
        Assert.Contains("kept", await TextAsync(house, "filesystem", "read_text_file", """{"path":"/tmp/note.txt"}"""), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeout), Trait("Promise", "P40")]
    public async Task Memory_is_listed_whole_and_remembers()
    {
        await using var house = await HouseAsync();
        var info = await house.CreatedAsync(Spec("memory"));
        Assert.Equal(9, info.Tools.Count);
        await TextAsync(house, "memory", "create_entities", """{"entities":[{"name":"claw","entityType":"tool","observations":["sharp"]}]}""");
        Assert.Contains("sharp", await TextAsync(house, "memory", "search_nodes", """{"query":"claw"}"""), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeout), Trait("Fault", "F3"), Trait("BadInput", "B78")]
    public async Task Killed_in_the_middle_of_a_call_it_is_lost_to_the_call_and_started_again()
    {
        await using var house = await HouseAsync(out var instance);
        await house.CreatedAsync(Spec("everything"));
        var heard = new Heard();
        var call = house.CallAsync("trigger-long-running-operation", """{"duration":100,"steps":100}""", heard, "everything");
        while (heard.Messages.IsEmpty)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, House.Soon);
        await engine.Api.PostAsync($"containers/{Assert.Single(await engine.Api.NamesAsync(instance))}/kill", "");
        Assert.IsType<ToolOutcome.Lost>(await call);
        await house.ReachesAsync(ServerState.Unhealthy, "everything");
        await house.ReachesAsync(ServerState.Ready, "everything");
        Assert.Equal("Echo: back", await TextAsync(house, "everything", "echo", """{"message":"back"}"""));
    }

    [Theory(Timeout = TestTimeout), Trait("Promise", "P43")]
    [InlineData("everything", 13)]
    [InlineData("filesystem", 14)]
    [InlineData("memory", 9)]
    public async Task Stopped_when_unused_it_wakes_with_the_same_tools(string server, int tools)
    {
        engine.Require();
        var instance = engine.NewInstance();
        await using var house = new House(await DockerTests.OpenAsync(engine, instance));
        house.Options.HealthInterval = TimeSpan.FromHours(1);
        await house.CreatedAsync(Spec(server) with { IdleMinutes = 1 });
        house.Clock.Advance(TimeSpan.FromSeconds(61));
        await house.ReachesAsync(ServerState.Idle, server);
        Assert.Empty(await engine.Api.NamesAsync(instance));
        var (tool, arguments) = server switch
        {
            "everything" => ("echo", """{"message":"woken"}"""),
            "filesystem" => ("list_allowed_directories", "{}"),
            _ => ("read_graph", "{}"),
        };
        await TextAsync(house, server, tool, arguments);
        var info = house.Servers.Find(Permits.Tenant, server)!;
        Assert.Equal((ServerState.Ready, tools), (info.State, info.Tools.Count));
        Assert.IsType<ServerOutcome.Done>(await house.Servers.RemoveAsync(Permits.Remove(server), House.Soon));
        Assert.Empty(await engine.Api.NamesAsync(instance));
    }

    private static async Task<string> TextAsync(House house, string server, string tool, string arguments)
    {
        var answered = Assert.IsType<ToolOutcome.Answered>(await house.CallAsync(tool, arguments, server: server));
        var text = answered.Result.GetProperty("content")[0].GetProperty("text").GetString()!;
        Assert.False(answered.IsError, text);
        return text;
    }

    private static ServerSpec Spec(string server, IReadOnlyList<string>? args = null) =>
        new(server, new ServerSource.Image(Peer.Require("POLYCLAW_TEST_CHILD_IMAGE_" + server.ToUpperInvariant()), args));

    private Task<House> HouseAsync() => HouseAsync(out _);

    private Task<House> HouseAsync(out string instance)
    {
        engine.Require();
        instance = engine.NewInstance();
        return Open(instance);

        async Task<House> Open(string id) => new(await DockerTests.OpenAsync(engine, id), TimeProvider.System);
    }
}

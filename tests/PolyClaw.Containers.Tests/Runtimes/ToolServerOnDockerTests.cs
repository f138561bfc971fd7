#pragma warning disable xUnit1069 // Every wait is bound by House.Soon, which is the running test's own.
using System.Text.Json;
using PolyClaw.Containers.Children;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Containers.Tests.Children;
using PolyClaw.Containers.Tests.Engines;
using PolyClaw.Core.Servers;

namespace PolyClaw.Containers.Tests.Runtimes;

[Collection(DefaultEngineTests.Name)]
public sealed class ToolServerOnTheDefaultEngine(DefaultEngine engine) : ToolServerOnDockerTests(engine);

[Collection(Engine28Tests.Name)]
public sealed class ToolServerOnEngine28(Engine28 engine) : ToolServerOnDockerTests(engine);

/// <summary>Tool code in containers, with the real ToolServer: what the main job does where an engine answers.</summary>
public abstract class ToolServerOnDockerTests(TestEngine engine)
{
    // A first run publishes ToolServer.
    private const int TestTimeout = 300_000;

    private static readonly ToolCode Add = new(
        "add",
        "adds two numbers",
        JsonElement.Parse("""{"type":"object","properties":{"a":{"type":"number"},"b":{"type":"number"}},"required":["a","b"]}"""),
        "(input, host) => ({ sum: input.a + input.b })",
        Examples: [new ToolExample(JsonElement.Parse("""{"a":1,"b":2}"""), JsonElement.Parse("""{"sum":3}"""))]);

    private static readonly ToolCode Read = new(
        "read", "reads a file", JsonElement.Parse("""{"type":"object"}"""), "(input, host) => ({ text: host.readText('data.csv') })");

    private static readonly ToolCode Spin = new(
        "spin", "never ends", JsonElement.Parse("""{"type":"object"}"""), "(input, host) => { for (;;); }");

    private static ServerSpec Spec => new(
        "sales", new ServerSource.Tools([Add, Read, Spin], [new ServerFile("data.csv", From: "sales.csv")]), IdleMinutes: 1);

    [Fact(Timeout = TestTimeout), Trait("Promise", "P03"), Trait("Promise", "P40"), Trait("Threat", "T06")]
    public async Task Makes_a_server_from_code_calls_it_and_leaves_nothing()
    {
        var (runtime, instance) = await OpenAsync();
        await using var house = new House(runtime, TimeProvider.System);
        var info = await CreatedAsync(house);
        Assert.Equal(Isolation.Container, info.Isolation);
        Assert.Equal(["add", "read", "spin"], info.Tools.Select(tool => tool.Name));

        var sum = Assert.IsType<ToolOutcome.Answered>(await house.CallAsync("add", """{"a":2,"b":40}""", server: "sales"));
        Assert.Equal(42, sum.Result.GetProperty("structuredContent").GetProperty("sum").GetInt32());
        var text = Assert.IsType<ToolOutcome.Answered>(await house.CallAsync("read", server: "sales"));
        Assert.Equal("region,total\nnorth,5\n", text.Result.GetProperty("structuredContent").GetProperty("text").GetString());

        Assert.IsType<ServerOutcome.Done>(await house.Servers.RemoveAsync(Permits.Remove("sales"), House.Soon));
        Assert.Empty(await engine.Api.NamesAsync(instance));
    }

    [Fact(Timeout = TestTimeout), Trait("Threat", "T06"), Trait("Threat", "T08")]
    public async Task What_the_engine_says_of_its_container_equals_the_hardening_table()
    {
        Environment.SetEnvironmentVariable("POLYCLAW_TEST_CANARY", "canary-77aa01");
        var (runtime, instance) = await OpenAsync();
        await using var house = new House(runtime, TimeProvider.System);
        await CreatedAsync(house);
        var name = Assert.Single(await engine.Api.NamesAsync(instance));
        var seen = await engine.Api.InspectAsync(name) ?? throw new InvalidOperationException("not there");
        var plan = ServerPlanning.Plan(Permits.Grant(Spec), "key", "", Files, plainHttpAnywhere: false, out _);
        HardeningTable.Holds(seen, ServerStarter.Launch(plan), instance);
        Assert.Empty(seen.GetProperty("Args").EnumerateArray());
        Assert.Equal("/polyclaw-toolserver", seen.GetProperty("Path").GetString());
        // Neither our environment nor the definition, code and files, which go in over stdin.
        Assert.DoesNotContain("canary-77aa01", seen.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("north", seen.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("input.a", seen.GetRawText(), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeout), Trait("Fault", "F3"), Trait("BadInput", "B78")]
    public async Task A_container_killed_in_the_middle_of_a_call_ends_the_call_and_the_next_call_gets_another()
    {
        var (runtime, instance) = await OpenAsync();
        await using var house = new House(runtime, TimeProvider.System);
        await CreatedAsync(house);
        var before = Assert.Single(await engine.Api.NamesAsync(instance));
        var id = (await engine.Api.InspectAsync(before))!.Value.GetProperty("Id").GetString();
        var call = house.CallAsync("spin", server: "sales");
        await engine.Api.PostAsync($"containers/{before}/kill", "");
        var lost = Assert.IsType<ToolOutcome.Lost>(await call);
        Assert.NotNull(lost.Error.Message);
        await house.ReachesAsync(ServerState.Unhealthy, "sales");
        await house.ReachesAsync(ServerState.Ready, "sales");
        Assert.IsType<ToolOutcome.Answered>(await house.CallAsync("add", """{"a":2,"b":40}""", server: "sales"));
        var after = Assert.Single(await engine.Api.NamesAsync(instance));
        Assert.Equal(before, after);
        Assert.NotEqual(id, (await engine.Api.InspectAsync(after))!.Value.GetProperty("Id").GetString());
    }

    [Fact(Timeout = TestTimeout), Trait("Promise", "P43")]
    public async Task An_unused_server_leaves_no_container_and_wakes_on_use()
    {
        var (runtime, instance) = await OpenAsync();
        await using var house = new House(runtime);
        house.Options.HealthInterval = TimeSpan.FromHours(1);
        await CreatedAsync(house);
        house.Clock.Advance(TimeSpan.FromSeconds(61));
        await house.ReachesAsync(ServerState.Idle, "sales");
        Assert.Empty(await engine.Api.NamesAsync(instance));
        Assert.IsType<ToolOutcome.Answered>(await house.CallAsync("add", """{"a":2,"b":40}""", server: "sales"));
        Assert.Single(await engine.Api.NamesAsync(instance));
    }

    private static FilesOf Files => new(("sales.csv", "region,total\nnorth,5\n"));

    private static async Task<ServerInfo> CreatedAsync(House house) => await house.CreatedAsync(Spec, files: Files);

    private async Task<(IRuntime Runtime, string Instance)> OpenAsync()
    {
        engine.Require();
        await RealToolServer.RequireAsync();
        var instance = engine.NewInstance();
        return (await DockerTests.OpenAsync(engine.Endpoint, instance, RealToolServer.Binary), instance);
    }
}

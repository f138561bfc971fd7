#pragma warning disable xUnit1069 // Every wait is bound by House.Soon, which is the running test's own.
using System.Text.Json;
using PolyClaw.Containers.Children;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Containers.Tests.Engines;
using PolyClaw.Containers.Tests.Runtimes;
using PolyClaw.Core.Servers;

namespace PolyClaw.Containers.Tests.Children;

[Trait("Promise", "P16")]
public sealed class HostServerTests
{
    private static readonly ServerSpec Spec = new("pop-up-nyc-1", new ServerSource.Host(), new ServerResources("2Gi", "4Gi", "20Gi", 900));

    [Fact]
    [Trait("Promise", "P21")]
    public void Its_container_has_the_limits_of_tool_code_whatever_the_host_holds()
    {
        var plan = ServerPlanning.Plan(Permits.Grant(Spec, memoryBytes: 4L << 30), "key", "", new FilesOf(), plainHttpAnywhere: false, out var faults);
        Assert.Empty(faults);
        var launch = ServerStarter.Launch(plan);
        Assert.Equal((HardeningTier.ToolCode, null, 500_000_000L, 128L << 20, 64), (launch.Tier, launch.Image, launch.NanoCpus, launch.MemoryBytes, launch.Pids));
        Assert.Equal(4L << 30, plan.Grant.Amounts.MemoryBytes);
        Assert.Equal(["cpu=2Gi is taken for 2 cores", "storage=20Gi is counted, and not enforced by the engine"], plan.Warnings);
    }
}

/// <summary>A host server at another place, with the real ToolServer.</summary>
[Collection(PlacesTests.Name)]
[Trait("Promise", "P16")]
[Trait("Promise", "P66")]
[Trait("Promise", "D3")]
public sealed class HostServerAtALocationTests(DefaultEngine here, TlsEngine there)
{
    // A first run publishes ToolServer.
    private const int TestTimeout = 300_000;
    private const string Name = "pop-up-nyc-1";

    private static readonly ServerSpec Spec = new(Name, new ServerSource.Host(), new ServerResources("2Gi", "4Gi", "20Gi"), Location: "pop-up-nyc");

    [Fact(Timeout = TestTimeout)]
    public async Task It_is_there_and_only_there_tells_of_its_services_and_leaves_nothing()
    {
        here.Require();
        there.Require();
        await RealToolServer.RequireAsync();
        var instance = there.NewInstance();
        var remote = await DockerTests.OpenAsync(there.Endpoint, instance, RealToolServer.Binary);
        var local = await DockerTests.OpenAsync(here.Endpoint, instance, RealToolServer.Binary);
        await using var house = new House(local, TimeProvider.System, new Dictionary<string, RuntimeSet> { ["pop-up-nyc"] = RuntimeSet.Of(remote) });

        var info = await house.CreatedAsync(Spec);
        Assert.Equal(("host", "pop-up-nyc", Isolation.Container), (info.Kind, info.Location, info.Isolation));
        Assert.Equal(["healthz", "logs", "status"], info.Tools.Select(tool => tool.Name).Order(StringComparer.Ordinal));
        Assert.Single(await there.Api.NamesAsync(instance));
        Assert.Empty(await here.Api.NamesAsync(instance));

        Assert.Equal("ok", (await CallAsync(house, "healthz")).GetProperty("status").GetString());
        house.Hosts.Status = """{"services":[{"name":"cache","healthy":true,"replicas":2},{"name":"web","healthy":false}]}""";
        var status = await CallAsync(house, "status");
        Assert.Equal("pop-up-nyc", status.GetProperty("location").GetString());
        Assert.Equal("512Mi", status.GetProperty("capacity").GetProperty("memory").GetString());
        Assert.False(status.GetProperty("capacity").GetProperty("storage_enforced").GetBoolean());
        Assert.Equal(2, status.GetProperty("services")[0].GetProperty("replicas").GetInt32());
        Assert.Equal("""{"status":"unhealthy","unhealthy":["web"]}""", (await CallAsync(house, "healthz")).GetRawText());
        house.Hosts.Log = new string('x', 300 * 1024) + "the end\n";
        var log = (await CallAsync(house, "logs", """{"service":"web","lines":7}""")).GetProperty("text").GetString()!;
        Assert.Equal(256 * 1024, log.Length);
        Assert.EndsWith("the end\n", log, StringComparison.Ordinal);
        Assert.Equal($"{Permits.Tenant}/{Name}/web/7", house.Hosts.Asked);
        Assert.IsType<ToolOutcome.NotCalled>(await house.CallAsync("logs", """{"lines":0}""", server: Name));

        Assert.IsType<ServerOutcome.Done>(await house.Servers.RemoveAsync(Permits.Remove(Name), House.Soon));
        Assert.Empty(await there.Api.NamesAsync(instance));
        await local.DisposeAsync();
        await remote.DisposeAsync();
    }

    [Fact(Timeout = TestTimeout)]
    [Trait("Fault", "F1")]
    public async Task What_a_killed_life_left_there_is_swept_when_the_next_begins()
    {
        there.Require();
        var instance = there.NewInstance();
        await there.Api.CreateAsync("polyclaw-left-" + instance, $$$"""{"Image":"{{{there.Image}}}","Cmd":["sleep","60"],"Labels":{"polyclaw.instance":"{{{instance}}}","polyclaw.kind":"tool"}}""");
        Assert.Single(await there.Api.NamesAsync(instance));
        var remote = await DockerTests.OpenAsync(there.Endpoint, instance);
        await using var house = new House(new FakeRuntime(_ => new FakeChild(null)), TimeProvider.System, new Dictionary<string, RuntimeSet> { ["pop-up-nyc"] = RuntimeSet.Of(remote) });
        await house.Servers.RestoreAsync([], House.Soon);
        Assert.Empty(await there.Api.NamesAsync(instance));
    }

    private static async Task<JsonElement> CallAsync(House house, string tool, string arguments = "{}") =>
        Assert.IsType<ToolOutcome.Answered>(await house.CallAsync(tool, arguments, server: Name)).Result.GetProperty("structuredContent");
}

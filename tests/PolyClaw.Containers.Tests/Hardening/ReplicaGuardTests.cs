using System.Text.Json;
using System.Text.Json.Nodes;
using PolyClaw.Containers.Hardening;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Services;

namespace PolyClaw.Containers.Tests.Hardening;

[Trait("Threat", "T06")]
public sealed class ReplicaGuardTests
{
    private static readonly ReplicaLaunch Good = new(
        new ReplicaId("acme", "web", 2, 3),
        new ReplicaSpec("registry.example/web:1", new ResourceAmounts(NanoCpus: 500_000_000, MemoryBytes: 64L << 20, Pids: 64), 8080, "/healthz", ["--version", "v2"], new Dictionary<string, string> { ["MODE"] = "test" }, new string('a', 64)),
        DockerLabels.NetworkOf("instance", "acme"));

    [Fact]
    public async Task What_the_compiler_makes_passes_and_is_what_the_security_table_says()
    {
        var call = await GoodAsync();
        Assert.Null(HostConfigGuard.Check(JsonElement.Parse(call.ToJsonString())));
        var host = call["HostConfig"]!;
        Assert.Equal("65532:65532", (string)call["User"]!);
        Assert.Equal("""["ALL"]""", host["CapDrop"]!.ToJsonString());
        Assert.True((bool)host["ReadonlyRootfs"]!);
        Assert.True((bool)host["Init"]!);
        Assert.Equal("""{"8080/tcp":[{"HostIp":"127.0.0.1","HostPort":""}]}""", host["PortBindings"]!.ToJsonString());
        Assert.Equal("on-failure", (string)host["RestartPolicy"]!["Name"]!);
        Assert.Equal("json-file", (string)host["LogConfig"]!["Type"]!);
        Assert.Equal(64L << 20, (long)host["ShmSize"]!);
        Assert.Equal((long)host["Memory"]!, (long)host["MemorySwap"]!);
    }

    [Theory]
    [InlineData("/HostConfig/NetworkMode", "\"host\"")]
    [InlineData("/HostConfig/NetworkMode", "\"bridge\"")]
    [InlineData("/HostConfig/NetworkMode", "\"container:other\"")]
    [InlineData("/HostConfig/NetworkMode", "\"somebodys-net\"")]
    [InlineData("/HostConfig/PortBindings", """{"8080/tcp":[{"HostIp":"0.0.0.0","HostPort":""}]}""")]
    [InlineData("/HostConfig/PortBindings", """{"8080/tcp":[{"HostIp":"","HostPort":""}]}""")]
    [InlineData("/HostConfig/PortBindings", """{"8080/tcp":[{"HostPort":"80"}]}""")]
    [InlineData("/HostConfig/PortBindings", """{"8080/tcp":[{"HostIp":"127.0.0.1","HostPort":"22"}]}""")]
    [InlineData("/HostConfig/PortBindings", """{"8080/tcp":[{"HostIp":"127.0.0.1","HostPort":""}],"9090/tcp":[{"HostIp":"127.0.0.1","HostPort":""}]}""")]
    [InlineData("/HostConfig/PortBindings", """{"8080/udp":[{"HostIp":"127.0.0.1","HostPort":""}]}""")]
    [InlineData("/HostConfig/PublishAllPorts", "true")]
    [InlineData("/HostConfig/Privileged", "true")]
    [InlineData("/HostConfig/CapAdd", """["NET_ADMIN"]""")]
    [InlineData("/HostConfig/Binds", """["/:/host"]""")]
    [InlineData("/HostConfig/Mounts", """[{"Type":"bind","Source":"/","Target":"/h"}]""")]
    [InlineData("/HostConfig/Mounts", """[{"Type":"volume","Source":"victim","Target":"/data","VolumeOptions":{"Labels":{"polyclaw.instance":"i"}}}]""")]
    [InlineData("/HostConfig/Mounts", """[{"Type":"volume","Source":"polyclaw-a/../b.data","Target":"/data","VolumeOptions":{"Labels":{"polyclaw.instance":"i"}}}]""")]
    [InlineData("/HostConfig/Mounts", """[{"Type":"volume","Source":"polyclaw-i-acme-db.data","Target":"/etc","VolumeOptions":{"Labels":{"polyclaw.instance":"i"}}}]""")]
    [InlineData("/HostConfig/Mounts", """[{"Type":"volume","Source":"polyclaw-i-acme-db.data","Target":"/tmp/x","VolumeOptions":{"Labels":{"polyclaw.instance":"i"}}}]""")]
    [InlineData("/HostConfig/Mounts", """[{"Type":"volume","Source":"polyclaw-i-acme-db.data","Target":"/data","VolumeOptions":{"Labels":{}}}]""")]
    [InlineData("/HostConfig/Mounts", """[{"Type":"volume","Source":"polyclaw-i-acme-db.data","Target":"/data","VolumeOptions":{"Labels":{"polyclaw.instance":"i"},"DriverConfig":{"Name":"local","Options":{"type":"none","o":"bind","device":"/"}}}}]""")]
    [InlineData("/HostConfig/Mounts", """[{"Type":"volume","Source":"polyclaw-i-acme-db.data","Target":"/data","BindOptions":{"Propagation":"shared"},"VolumeOptions":{"Labels":{"polyclaw.instance":"i"}}}]""")]
    [InlineData("/HostConfig/Mounts", """[{"Type":"volume","Source":"polyclaw-i-acme-db.data","Target":"/data","VolumeOptions":{"Labels":{"polyclaw.instance":"i"}}},{"Type":"bind","Source":"/","Target":"/h"}]""")]
    [InlineData("/HostConfig/IpcMode", "\"host\"")]
    [InlineData("/HostConfig/IpcMode", "\"none\"")]
    [InlineData("/HostConfig/PidMode", "\"host\"")]
    [InlineData("/HostConfig/ReadonlyRootfs", "false")]
    [InlineData("/HostConfig/RestartPolicy", """{"Name":"always"}""")]
    [InlineData("/HostConfig/RestartPolicy", """{"Name":"on-failure","MaximumRetryCount":0}""")]
    [InlineData("/HostConfig/LogConfig", """{"Type":"syslog"}""")]
    [InlineData("/HostConfig/LogConfig", """{"Type":"json-file","Config":{"max-size":"10g","max-file":"3"}}""")]
    [InlineData("/HostConfig/LogConfig", """{"Type":"json-file"}""")]
    [InlineData("/HostConfig/Ulimits", """[{"Name":"nofile","Soft":1048576,"Hard":1048576},{"Name":"core","Soft":0,"Hard":0}]""")]
    [InlineData("/HostConfig/ShmSize", "1073741824")]
    [InlineData("/HostConfig/AutoRemove", "true")]
    [InlineData("/ExposedPorts", """{"1/tcp":{},"2/tcp":{}}""")]
    [InlineData("/Hostname", "\"host\"")]
    [InlineData("/User", "\"0:0\"")]
    [InlineData("/OpenStdin", "true")]
    [InlineData("/Entrypoint", """["/bin/sh"]""")]
    [InlineData("/Name", "\"victim\"")]
    public async Task An_escape_is_refused_with_its_path(string path, string value)
    {
        var call = await GoodAsync();
        var owner = path.StartsWith("/HostConfig/", StringComparison.Ordinal) ? call["HostConfig"]!.AsObject() : call;
        owner[path[(path.LastIndexOf('/') + 1)..]] = JsonNode.Parse(value);
        Assert.Equal(path, HostConfigGuard.Check(JsonElement.Parse(call.ToJsonString()))?.Path);
    }

    [Fact]
    [Trait("BadInput", "B37")]
    public async Task A_port_is_published_on_the_engines_own_address_and_on_no_other()
    {
        var call = (await GoodAsync()).ToJsonString();
        var there = JsonElement.Parse(call.Replace("127.0.0.1", "10.213.7.2", StringComparison.Ordinal));
        Assert.Null(HostConfigGuard.Check(there, "10.213.7.2"));
        Assert.Equal("/HostConfig/PortBindings", HostConfigGuard.Check(there)?.Path);
        Assert.Equal("/HostConfig/PortBindings", HostConfigGuard.Check(there, "10.213.7.3")?.Path);
        var everywhere = JsonElement.Parse(call.Replace("127.0.0.1", "0.0.0.0", StringComparison.Ordinal));
        Assert.Equal("/HostConfig/PortBindings", HostConfigGuard.Check(everywhere, "10.213.7.2")?.Path);
    }

    [Theory]
    [InlineData("tool")]
    [InlineData("server")]
    public async Task A_child_may_not_have_what_a_replica_may(string kind)
    {
        var call = await GoodAsync();
        call["Labels"]![DockerLabels.Kind] = kind;
        Assert.NotNull(HostConfigGuard.Check(JsonElement.Parse(call.ToJsonString())));
    }

    [Theory]
    [InlineData("""{"Name":"polyclaw-1-acme-net","Driver":"bridge","Labels":{"polyclaw.instance":"i"}}""", null)]
    [InlineData("""{"Name":"bridge2","Driver":"bridge","Labels":{"polyclaw.instance":"i"}}""", "/Name")]
    [InlineData("""{"Name":"polyclaw-1-acme-net","Driver":"host","Labels":{"polyclaw.instance":"i"}}""", "/Driver")]
    [InlineData("""{"Name":"polyclaw-1-acme-net","Driver":"macvlan","Labels":{"polyclaw.instance":"i"}}""", "/Driver")]
    [InlineData("""{"Name":"polyclaw-1-acme-net","Driver":"bridge","Labels":{"polyclaw.instance":"i"},"Options":{"parent":"eth0"}}""", "/Options")]
    [InlineData("""{"Name":"polyclaw-1-acme-net","Driver":"bridge","Labels":{"polyclaw.instance":"i"},"Attachable":true}""", "/Attachable")]
    [InlineData("""{"Name":"polyclaw-1-acme-net","Driver":"bridge","Labels":{"polyclaw.instance":"i"},"IPAM":{"Config":[{"Subnet":"10.0.0.0/8"}]}}""", "/IPAM")]
    [InlineData("""{"Name":"polyclaw-1-acme-net","Driver":"bridge","Labels":{"other":"i"}}""", "/Labels")]
    [InlineData("""{"Name":"polyclaw-1-acme-net","Driver":"bridge"}""", "/Labels")]
    [InlineData("[]", "")]
    public void A_network_is_a_plain_bridge_of_ours_and_nothing_else(string call, string? path) =>
        Assert.Equal(path, NetworkGuard.Check(JsonElement.Parse(call))?.Path);

    [Theory]
    [InlineData(0, 1, 8080, "/healthz", "/version")]
    [InlineData(1, -1, 8080, "/healthz", "/replica")]
    [InlineData(1, 1, -1, "/healthz", "/port")]
    [InlineData(1, 1, 8080, "", "/health_path")]
    [InlineData(1, 1, 8080, "/a b", "/health_path")]
    public void A_launch_that_breaks_a_rule_is_refused_with_its_path(int version, int number, int port, string health, string path) =>
        Assert.Equal(path, ReplicaSpecCompiler.Check(Good with { Id = Good.Id with { Version = version, Number = number }, Spec = Good.Spec with { Port = port, HealthPath = health } })?.Path);

    private static async Task<JsonObject> GoodAsync()
    {
        var compiled = ReplicaSpecCompiler.Compile(Good, "instance", new EngineTraits(HasRunsc: false, CgroupV1: false), []);
        return JsonNode.Parse((await ContainerSpecCompilerTests.SentAsync(compiled)).GetRawText())!.AsObject();
    }
}

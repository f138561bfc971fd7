using System.Text.Json;
using System.Text.Json.Nodes;
using PolyClaw.Containers.Hardening;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Containers.Tests.Engines;

namespace PolyClaw.Containers.Tests.Hardening;

[Trait("Threat", "T06")]
public sealed class HostConfigGuardTests
{
    private static readonly EngineTraits Traits = new(HasRunsc: false, CgroupV1: false);

    [Theory]
    [InlineData("/HostConfig/Privileged", "true")]
    [InlineData("/HostConfig/privileged", "true")]
    [InlineData("/HostConfig/PRIVILEGED", "true")]
    [InlineData("/HostConfig/CapAdd", """["SYS_ADMIN"]""")]
    [InlineData("/HostConfig/CapDrop", "[]")]
    [InlineData("/HostConfig/CapDrop", """["ALL","NET_RAW"]""")]
    [InlineData("/HostConfig/Binds", """["/:/host"]""")]
    [InlineData("/HostConfig/Binds", """["/var/run/docker.sock:/s"]""")]
    [InlineData("/HostConfig/Mounts", """[{"Type":"bind","Source":"/","Target":"/h"}]""")]
    [InlineData("/HostConfig/VolumesFrom", """["other"]""")]
    [InlineData("/HostConfig/PidMode", "\"host\"")]
    [InlineData("/HostConfig/NetworkMode", "\"host\"")]
    [InlineData("/HostConfig/NetworkMode", "\"container:other\"")]
    [InlineData("/HostConfig/NetworkMode", "\"bridge\"")]
    [InlineData("/HostConfig/IpcMode", "\"host\"")]
    [InlineData("/HostConfig/IpcMode", "\"shareable\"")]
    [InlineData("/HostConfig/UTSMode", "\"host\"")]
    [InlineData("/HostConfig/UsernsMode", "\"host\"")]
    [InlineData("/HostConfig/CgroupnsMode", "\"host\"")]
    [InlineData("/HostConfig/CgroupParent", "\"/\"")]
    [InlineData("/HostConfig/Devices", """[{"PathOnHost":"/dev/sda","PathInContainer":"/dev/sda","CgroupPermissions":"rwm"}]""")]
    [InlineData("/HostConfig/DeviceRequests", """[{"Count":-1}]""")]
    [InlineData("/HostConfig/DeviceCgroupRules", """["a *:* rwm"]""")]
    [InlineData("/HostConfig/SecurityOpt", """["seccomp=unconfined"]""")]
    [InlineData("/HostConfig/SecurityOpt", """["no-new-privileges:true","apparmor=unconfined"]""")]
    [InlineData("/HostConfig/SecurityOpt", """["no-new-privileges:false"]""")]
    [InlineData("/HostConfig/SecurityOpt", "[]")]
    [InlineData("/HostConfig/Sysctls", """{"kernel.core_pattern":"|/x"}""")]
    [InlineData("/HostConfig/Runtime", "\"evil\"")]
    [InlineData("/HostConfig/MaskedPaths", "[]")]
    [InlineData("/HostConfig/ReadonlyPaths", "[]")]
    [InlineData("/HostConfig/ReadonlyRootfs", "false")]
    [InlineData("/HostConfig/PidsLimit", "-7")]
    [InlineData("/HostConfig/PidsLimit", "0")]
    [InlineData("/HostConfig/Memory", "0")]
    [InlineData("/HostConfig/MemorySwap", "-1")]
    [InlineData("/HostConfig/MemorySwap", "268435456")]
    [InlineData("/HostConfig/OomKillDisable", "true")]
    [InlineData("/HostConfig/OomScoreAdj", "-1000")]
    [InlineData("/HostConfig/GroupAdd", """["docker"]""")]
    [InlineData("/HostConfig/ExtraHosts", """["metadata:169.254.169.254"]""")]
    [InlineData("/HostConfig/PortBindings", """{"80/tcp":[{"HostPort":"80"}]}""")]
    [InlineData("/HostConfig/PublishAllPorts", "true")]
    [InlineData("/HostConfig/Links", """["db:db"]""")]
    [InlineData("/HostConfig/Dns", """["10.0.0.1"]""")]
    [InlineData("/HostConfig/Tmpfs", """{"/tmp":"rw,exec"}""")]
    [InlineData("/HostConfig/Tmpfs", """{"/tmp":"rw,noexec,nosuid,nodev,size=64m,mode=1777","/x":"exec"}""")]
    [InlineData("/HostConfig/Tmpfs", """{"/data":"rw,noexec,nosuid,nodev,size=64m,mode=1777"}""")]
    [InlineData("/HostConfig/Tmpfs", """{"/tmp":"rw,noexec,nosuid,nodev,size=64m,mode=1777","/proc/sys":"rw,noexec,nosuid,nodev,size=64m,mode=1777"}""")]
    [InlineData("/HostConfig/Tmpfs", """{"/tmp":"rw,noexec,nosuid,nodev,size=64m,mode=1777","/a/../etc":"rw,noexec,nosuid,nodev,size=64m,mode=1777"}""")]
    [InlineData("/HostConfig/Tmpfs", """{"/tmp":"rw,noexec,nosuid,nodev,size=64m,mode=1777","/":"rw,noexec,nosuid,nodev,size=64m,mode=1777"}""")]
    [InlineData("/HostConfig/Tmpfs", """{"/tmp":"rw,noexec,nosuid,nodev,size=64m,mode=1777","/data":"rw,noexec,nosuid,nodev,size=64g,mode=1777"}""")]
    [InlineData("/HostConfig/Ulimits", "[]")]
    [InlineData("/HostConfig/LogConfig", """{"Type":"json-file"}""")]
    [InlineData("/HostConfig/LogConfig", "{}")]
    [InlineData("/HostConfig/RestartPolicy", """{"Name":"always"}""")]
    [InlineData("/HostConfig/AutoRemove", "false")]
    [InlineData("/HostConfig/Init", "false")]
    [InlineData("/HostConfig/StorageOpt", """{"size":"1T"}""")]
    [InlineData("/HostConfig/Annotations", """{"run.oci.keep_original_groups":"1"}""")]
    [InlineData("/HostConfig/VolumeDriver", "\"nfs\"")]
    [InlineData("/HostConfig/SomethingNew", "\"on\"")]
    [InlineData("/HostConfig", "null")]
    [InlineData("/User", "\"0:0\"")]
    [InlineData("/User", "\"root\"")]
    [InlineData("/User", "\"\"")]
    [InlineData("/Entrypoint", """["/bin/sh","-c","id"]""")]
    [InlineData("/Volumes", """{"/data":{}}""")]
    [InlineData("/ExposedPorts", """{"80/tcp":{}}""")]
    [InlineData("/Healthcheck", """{"Test":["CMD-SHELL","id"]}""")]
    [InlineData("/NetworkingConfig", """{"EndpointsConfig":{"bridge":{}}}""")]
    [InlineData("/NetworkDisabled", "false")]
    [InlineData("/Env", """["LD_PRELOAD=/x.so"]""")]
    [InlineData("/Env", """["PATH=/evil"]""")]
    [InlineData("/Env", """["A=b\nLD_PRELOAD=/x.so"]""")]
    [InlineData("/Env", """["NOVALUE"]""")]
    [InlineData("/Labels", """{"polyclaw.instance":"x","com.example":"y"}""")]
    [InlineData("/Labels", """{"polyclaw.tenant":"x"}""")]
    [InlineData("/Image", "\"--privileged\"")]
    [InlineData("/Name", "\"victim\"")]
    [InlineData("/Tty", "true")]
    [InlineData("/StdinOnce", "false")]
    [InlineData("/WorkingDir", "\"/proc/1/root\"")]
    [InlineData("/Hostname", "\"host\"")]
    [InlineData("/MacAddress", "\"02:42:ac:11:00:02\"")]
    public async Task An_escape_is_refused_with_its_path(string path, string value)
    {
        var call = (await GoodAsync()).AsObject();
        var owner = path.StartsWith("/HostConfig/", StringComparison.Ordinal) ? call["HostConfig"]!.AsObject() : call;
        owner[path[(path.LastIndexOf('/') + 1)..]] = JsonNode.Parse(value);
        var fault = HostConfigGuard.Check(JsonElement.Parse(call.ToJsonString()));
        Assert.NotNull(fault);
        Assert.Equal("hardening_violation", fault.Code);
        // Two spellings of one field are told at the second.
        Assert.Equal(path, fault.Path);
    }

    [Fact]
    public async Task What_the_compiler_makes_passes_for_both_tiers()
    {
        Assert.Null(HostConfigGuard.Check(JsonElement.Parse((await GoodAsync()).ToJsonString())));
        var server = await ContainerSpecCompilerTests.CompileAsync(Launches.Good with { Tier = HardeningTier.ChildServer, Args = [] }, new(HasRunsc: true, CgroupV1: true));
        Assert.Null(HostConfigGuard.Check(server));
        Assert.Null(HostConfigGuard.Check(await ContainerSpecCompilerTests.CompileAsync(Launches.Good, Traits, "/a", "/b/c", "/srv/d", "/var/lib/e")));
        var crowded = await Assert.ThrowsAsync<RuntimeFaultException>(() => ContainerSpecCompilerTests.CompileAsync(Launches.Good, Traits, "/a", "/b", "/c", "/d", "/e"));
        Assert.Equal("/HostConfig/Tmpfs", crowded.Fault.Path);
    }

    [Fact]
    public async Task Every_field_that_confines_is_missed_when_it_is_left_out()
    {
        var good = (await GoodAsync()).AsObject();
        string[] free = ["Privileged", "MemorySwappiness", "OomKillDisable", "ShmSize", "ConsoleSize"];
        foreach (var field in good["HostConfig"]!.AsObject().Select(pair => pair.Key).ToArray())
        {
            var call = good.DeepClone().AsObject();
            var filled = call["HostConfig"]![field] is { } value && value.ToJsonString() is not ("0" or "\"\"" or "false" or "[]" or "{}");
            call["HostConfig"]!.AsObject().Remove(field);
            var fault = HostConfigGuard.Check(JsonElement.Parse(call.ToJsonString()));
            Assert.Equal(filled && !free.Contains(field) ? "/HostConfig/" + field : null, fault?.Path);
        }
    }

    [Fact]
    public void A_body_with_a_field_twice_is_refused()
    {
        var fault = HostConfigGuard.Check(JsonElement.Parse("""{"Image":"a","image":"a"}"""));
        Assert.Equal("/image", fault?.Path);
    }

    [Theory]
    [InlineData("POST", "v1.41/containers/abc/exec")]
    [InlineData("POST", "containers/abc/exec")]
    [InlineData("POST", "v1.41/build")]
    [InlineData("POST", "commit")]
    [InlineData("POST", "containers/abc/update")]
    [InlineData("PUT", "containers/abc/archive")]
    [InlineData("POST", "swarm/init")]
    [InlineData("POST", "plugins/pull")]
    [InlineData("POST", "containers/../exec/abc/start")]
    [InlineData("POST", "v1.41//containers/create")]
    [InlineData("POST", "volumes/create")]
    public async Task A_call_that_this_house_does_not_make_never_reaches_the_engine(string method, string path)
    {
        using var fake = new FakeEngine();
        using var http = new HttpClient(new EngineCallGuard(fake, DockerEndpoint.Loopback));
        using var request = new HttpRequestMessage(new(method), "http://engine/" + path);
        var refused = await Assert.ThrowsAsync<RuntimeFaultException>(() => http.SendAsync(request, TestContext.Current.CancellationToken));
        Assert.Equal("hardening_violation", refused.Fault.Code);
        Assert.Equal(0, fake.Count);
    }

    [Theory]
    [InlineData("containers/create?name=x")]
    [InlineData("v1.54/containers/create")]
    public async Task An_unconfined_create_call_never_reaches_the_engine(string path)
    {
        using var fake = new FakeEngine();
        using var http = new HttpClient(new EngineCallGuard(fake, DockerEndpoint.Loopback));
        var body = (await GoodAsync()).AsObject();
        body["HostConfig"]!["Privileged"] = true;
        var refused = await Assert.ThrowsAsync<RuntimeFaultException>(() => http.PostAsync("http://engine/" + path, new StringContent(body.ToJsonString()), TestContext.Current.CancellationToken));
        Assert.Equal("/HostConfig/Privileged", refused.Fault.Path);
        Assert.Equal(0, fake.Count);
    }

    private static async Task<JsonNode> GoodAsync() =>
        JsonNode.Parse((await ContainerSpecCompilerTests.CompileAsync(Launches.Good, Traits)).GetRawText())!;
}

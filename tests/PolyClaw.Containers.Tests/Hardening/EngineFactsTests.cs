using System.Net;
using PolyClaw.Containers.Hardening;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Containers.Tests.Engines;

namespace PolyClaw.Containers.Tests.Hardening;

public sealed class EngineFactsTests
{
    private const string GoodInfo = """
        {"OSType":"linux","CgroupVersion":"2","MemoryLimit":true,"PidsLimit":true,"CpuCfsQuota":true,"SystemTime":"2026-11-23T07:00:00.5Z",
         "SecurityOptions":["name=apparmor","name=seccomp,profile=builtin","name=cgroupns"],"Runtimes":{"runc":{"path":"runc"},"runsc":{"path":"/r"}}}
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, Trait("Threat", "T07")]
    [InlineData("1.1.5+ds1", true)]
    [InlineData("1.2.7", true)]
    [InlineData("1.2.8", false)]
    [InlineData("1.3.0-rc.1", true)]
    [InlineData("1.3.2", true)]
    [InlineData("1.3.3+ds1", false)]
    [InlineData("v1.4.0", false)]
    [InlineData("2.0.0", false)]
    [InlineData("0.9.1", true)]
    public async Task An_old_runc_is_warned_of(string runc, bool warned)
    {
        var facts = await ReadAsync(Version(runc), GoodInfo);
        Assert.Equal(warned, facts.Warnings.Any(warning => warning.Contains("CVE-2025-31133", StringComparison.Ordinal)));
        Assert.Equal(runc, facts.Runc);
    }

    [Fact, Trait("Threat", "T07")]
    public async Task A_good_engine_has_no_warning_and_all_its_facts()
    {
        var facts = await ReadAsync(Version("1.3.3"), GoodInfo);
        Assert.Empty(facts.Warnings);
        Assert.Equal(("28.5.2", "1.51", "2.1.9", "2", false), (facts.Engine, facts.Api, facts.Containerd, facts.CgroupVersion, facts.Rootless));
        Assert.Equal(["runc", "runsc"], facts.Runtimes);
        Assert.Equal(new EngineTraits(HasRunsc: true, CgroupV1: false), facts.Traits);
        Assert.Equal("Docker 28.5.2, API 1.51, runc 1.3.3, cgroup v2", facts.Summary);
        Assert.Equal("1795417200", facts.Since);
    }

    [Theory]
    [InlineData("\"name=seccomp,profile=builtin\",\"name=rootless\"", "neither AppArmor nor SELinux")]
    [InlineData("\"name=apparmor\"", "no seccomp")]
    [InlineData("\"name=apparmor\",\"name=seccomp,profile=unconfined\"", "unconfined")]
    public async Task What_an_engine_lacks_is_warned_of(string options, string warning)
    {
        var facts = await ReadAsync(Version("1.3.3"), $$"""{"OSType":"linux","MemoryLimit":true,"PidsLimit":true,"CpuCfsQuota":true,"SecurityOptions":[{{options}}]}""");
        Assert.Contains(warning, Assert.Single(facts.Warnings), StringComparison.Ordinal);
        Assert.Equal(options.Contains("rootless", StringComparison.Ordinal), facts.Rootless);
    }

    [Theory]
    [InlineData("1.40", "engine_too_old")]
    [InlineData("", "engine_too_old")]
    public async Task An_engine_too_old_is_refused(string api, string code)
    {
        var thrown = await Assert.ThrowsAsync<RuntimeFaultException>(() => ReadAsync(Version("1.3.3").Replace("1.51", api, StringComparison.Ordinal), GoodInfo));
        Assert.Equal((code, false), (thrown.Fault.Code, thrown.Transient));
    }

    [Fact]
    public async Task An_engine_for_Windows_containers_is_refused()
    {
        var thrown = await Assert.ThrowsAsync<RuntimeFaultException>(() => ReadAsync(Version("1.3.3"), """{"OSType":"windows"}"""));
        Assert.Equal("engine_platform", thrown.Fault.Code);
    }

    [Theory]
    [Trait("Fault", "F4")]
    [InlineData("<!doctype html><title>router</title>", "no_engine")]
    [InlineData("[]", "no_engine")]
    [InlineData("{}", "engine_too_old")]
    public async Task What_answers_but_is_no_engine_is_told_as_that(string answer, string code)
    {
        var thrown = await Assert.ThrowsAsync<RuntimeFaultException>(() => ReadAsync(answer, GoodInfo));
        Assert.Equal((code, false), (thrown.Fault.Code, thrown.Transient));
    }

    [Fact]
    public void A_socket_that_may_not_be_opened_is_told_with_the_group_to_join()
    {
        var cause = new HttpRequestException("no connection", new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.AccessDenied));
        var fault = DockerFaults.Unreachable(new DockerEndpoint(new("unix:///run/docker.sock"), "DOCKER_HOST"), cause).Fault;
        Assert.Equal("engine_forbidden", fault.Code);
        Assert.Contains("--group-add \"$(stat -c %g /run/docker.sock)\"", fault.Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.51", "/v1.51/info")]
    [InlineData("1.41", "/v1.41/info")]
    [InlineData("1.99", "/v1.54/info")]
    public async Task The_newest_API_that_both_sides_know_is_spoken(string api, string expected)
    {
        var asked = "";
        using var fake = new FakeEngine(call =>
        {
            asked = call;
            return (HttpStatusCode.OK, call.EndsWith("version", StringComparison.Ordinal) ? Version("1.3.3").Replace("1.51", api, StringComparison.Ordinal) : GoodInfo);
        });
        using var engine = fake.Open();
        await engine.NegotiateAsync(Token);
        Assert.Equal("GET " + expected, asked);
    }

    [Fact]
    public async Task Without_an_engine_the_probe_says_where_it_looked_and_what_to_do()
    {
        var endpoint = new DockerEndpoint(new("unix:///no/such/engine.sock"), "DOCKER_HOST");
        using var engine = new DockerEngine(endpoint, new(), TimeProvider.System);
        var thrown = await Assert.ThrowsAsync<RuntimeFaultException>(() => engine.NegotiateAsync(Token));
        Assert.Equal("engine_unreachable", thrown.Fault.Code);
        Assert.Contains("/no/such/engine.sock (DOCKER_HOST)", thrown.Fault.Message, StringComparison.Ordinal);
        Assert.NotNull(thrown.Fault.Fix);
    }

    private static string Version(string runc) => $$"""
        {"Version":"28.5.2","ApiVersion":"1.51","MinAPIVersion":"1.24","Os":"linux","Arch":"amd64",
         "Components":[{"Name":"Engine","Version":"28.5.2"},{"Name":"containerd","Version":"2.1.9"},{"Name":"runc","Version":"{{runc}}"}]}
        """;

    private static async Task<EngineFacts> ReadAsync(string version, string info)
    {
        using var fake = new FakeEngine(call => (HttpStatusCode.OK, call.EndsWith("version", StringComparison.Ordinal) ? version : info));
        using var engine = fake.Open();
        return await engine.NegotiateAsync(Token);
    }
}

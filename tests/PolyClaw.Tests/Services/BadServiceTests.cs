using System.Net;
using System.Net.Sockets;
using PolyClaw.Tests.Instances;
using static PolyClaw.Tests.Services.Demonstration;

namespace PolyClaw.Tests.Services;

/// <summary>What people get wrong about services, on a real engine: each says what was wrong and leaves nothing. A version that is well and fails its requests is <see cref="DemonstrationTests"/>' own.</summary>
[Trait("Promise", "P50")]
public sealed class BadServiceTests : IAsyncLifetime
{
    private const string Small = "cpu=100m memory=32Mi";

    private readonly TestHome _home = new();
    private EngineContainers _containers = null!;
    private string _sample = null!;

    [Fact]
    [Trait("BadInput", "replicas")]
    public async Task A_number_of_replicas_that_is_none_or_too_many_is_refused_before_anything_is_made()
    {
        foreach (var (replicas, told) in ((string, string)[])[("0", "replicas is 0"), ("-1", "replicas is -1"), ("1000000000", "replicas is 1000000000"), ("99999999999999999999", "line 1, column 61")])
        {
            var ended = await _home.RunAsync("run", $"deploy service web image={_sample} replicas={replicas}");
            Assert.NotEqual(0, ended.Code);
            Assert.Contains(told, ended.ToString(), StringComparison.Ordinal);
            Assert.Empty(await _containers.IdsAsync());
        }
    }

    [Fact]
    [Trait("BadInput", "image")]
    public async Task An_image_that_nobody_has_is_told_and_its_service_is_gone()
    {
        _home.Variables["POLYCLAW__Services__Rollouts__ProgressDeadline"] = "00:00:05";
        _home.Variables["POLYCLAW__Policy__Images__Allow__0"] = "127.0.0.1:1/*";
        var ended = await _home.RunAsync("run", $"deploy service ghost image=127.0.0.1:1/no-such/image:1 {Small}");
        Assert.Equal(1, ended.Code);
        Assert.Contains("image 127.0.0.1:1/no-such/image:1 is not on this machine and could not be pulled", ended.ToString(), StringComparison.Ordinal);
        await NothingIsLeftAsync();
    }

    [Fact]
    [Trait("BadInput", "redirect")]
    public async Task A_health_path_that_leads_elsewhere_never_makes_a_replica_healthy_and_its_version_is_given_up()
    {
        _home.Variables["POLYCLAW__Services__Rollouts__ProgressDeadline"] = "00:00:05";
        // This server sends who asks for a folder to its index, which would answer 200.
        const string Script = "busybox mkdir /tmp/healthz; echo ok >/tmp/healthz/index.html; exec busybox httpd -f -p 8080 -h /tmp";
        var ended = await _home.RunAsync("run", $"""deploy service elsewhere image={Required("POLYCLAW_TEST_IMAGE_OS")} {Small} args=["sh", "-c", "{Script}"]""");
        Assert.Equal(1, ended.Code);
        Assert.Contains("/healthz answers 302", ended.ToString(), StringComparison.Ordinal);
        await NothingIsLeftAsync();
    }

    [Fact]
    [Trait("BadInput", "port")]
    public async Task A_port_that_is_taken_is_told_by_its_setting_and_nothing_is_started()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        _home.Variables["POLYCLAW__Gateway__Listen"] = $"127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";
        var ended = await _home.RunAsync("run", $"deploy service web image={_sample} {Small}");
        Assert.Equal(1, ended.Code);
        Assert.Contains("Gateway:Listen", ended.ToString(), StringComparison.Ordinal);
        await NothingIsLeftAsync();
    }

    [Fact]
    [Trait("Fault", "ignores-sigterm")]
    public async Task A_service_that_does_not_heed_SIGTERM_is_gone_after_its_grace()
    {
        _home.Variables["POLYCLAW__Services__Grace"] = "00:00:01";
        var ended = await _home.RunAsync("run", $"""deploy service deaf image={_sample} replicas=2 {Small} args=["--ignore-term", "true"]""");
        Assert.True(ended.Code == 0, ended.ToString());
        Assert.Equal(2, (await _containers.IdsAsync()).Count);
        ended = await _home.RunAsync("services", "delete", "deaf");
        Assert.True(ended.Code == 0, ended.ToString());
        await NothingIsLeftAsync();
    }

    public ValueTask InitializeAsync()
    {
        var engine = Required("POLYCLAW_TEST_DOCKER");
        _sample = Required("POLYCLAW_TEST_IMAGE_SERVICE");
        _home.Variables["POLYCLAW__Runtime__Kind"] = "docker";
        _home.Variables["POLYCLAW__Gateway__Listen"] = "127.0.0.1:0";
        _home.Variables["DOCKER_HOST"] = engine;
        Directory.CreateDirectory(_home.Folder);
        _containers = new EngineContainers(engine, _home.Home.Id);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _home.DisposeAsync();
        if (_containers is null)
            return;
        await _containers.RemoveAllAsync();
        _containers.Dispose();
    }

    private async Task NothingIsLeftAsync()
    {
        Assert.Contains("no services", (await _home.RunAsync("services", "list")).ToString(), StringComparison.Ordinal);
        Assert.Empty(await _containers.IdsAsync());
    }
}

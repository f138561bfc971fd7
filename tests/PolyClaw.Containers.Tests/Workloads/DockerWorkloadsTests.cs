#pragma warning disable xUnit1069 // Every wait is bound by Token, which is the running test's own.
using Microsoft.Extensions.Logging.Abstractions;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Containers.Tests.Engines;
using PolyClaw.Containers.Workloads;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Services;

namespace PolyClaw.Containers.Tests.Workloads;

[Collection(DefaultEngineTests.Name)]
[Trait("Promise", "P50")]
public sealed class DockerWorkloadsTests(DefaultEngine engine) : IAsyncLifetime
{
    private const int TestTimeout = 90_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private const string Healthy = "echo ok >/tmp/healthz; exec busybox httpd -f -p 8080 -h /tmp";

    private string _instance = "";
    private DockerWorkloads _workloads = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeout)]
    public async Task A_replica_becomes_healthy_answers_and_is_gone_when_it_is_removed()
    {
        var id = Id(1);
        Assert.Null(await _workloads.StartAsync(id, Spec(Healthy), Token));
        var healthy = await UntilAsync(id, info => info?.State is ReplicaState.Healthy);
        using var client = new HttpClient();
        Assert.Equal("ok\n", await client.GetStringAsync(new Uri(healthy!.Address!, "/healthz"), Token));

        Assert.Null(await _workloads.RemoveAsync(id, TimeSpan.FromSeconds(5), Token));
        Assert.Empty(_workloads.List());
        Assert.Empty(await Containers());
        Assert.Null(await _workloads.RemoveAsync(id, TimeSpan.FromSeconds(5), Token));
    }

    [Fact(Timeout = TestTimeout)]
    [Trait("Promise", "P42")]
    public async Task A_replica_that_answers_otherwise_is_never_healthy_and_says_why()
    {
        var id = Id(1);
        Assert.Null(await _workloads.StartAsync(id, Spec("exec busybox httpd -f -p 8080 -h /tmp"), Token));
        var ill = await UntilAsync(id, info => info?.Error is not null);
        Assert.Equal(ReplicaState.Starting, ill!.State);
        Assert.Contains("/healthz", ill.Error!.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeout)]
    [Trait("BadInput", "redirect")]
    public async Task A_health_path_that_leads_elsewhere_is_not_followed_and_says_so()
    {
        var id = Id(1);
        // This server sends who asks for a folder to its index, which would answer 200.
        Assert.Null(await _workloads.StartAsync(id, Spec("busybox mkdir /tmp/healthz; echo ok >/tmp/healthz/index.html; exec busybox httpd -f -p 8080 -h /tmp"), Token));
        var ill = await UntilAsync(id, info => info?.Error?.Message.Contains("answers 302", StringComparison.Ordinal) is true);
        Assert.Equal((ReplicaState.Starting, "/health_path"), (ill!.State, ill.Error!.Path));
    }

    [Fact(Timeout = TestTimeout)]
    [Trait("Fault", "replica-dies")]
    public async Task One_that_is_killed_is_known_before_the_next_look()
    {
        await _workloads.DisposeAsync();
        _workloads = await OpenAsync(new HealthOptions { Look = TimeSpan.FromHours(1) });
        var id = Id(1);
        Assert.Null(await _workloads.StartAsync(id, Spec(Healthy), Token));
        await UntilAsync(id, info => info?.State is ReplicaState.Healthy);
        await engine.Api.PostAsync($"containers/{Assert.Single(await Containers())}/kill", "");
        await UntilAsync(id, info => info?.State is ReplicaState.Stopped);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task The_tenants_network_goes_with_its_last_replica_and_comes_with_the_next()
    {
        var network = "networks/" + DockerLabels.NetworkOf(_instance, "acme");
        for (var round = 0; round < 2; round++)
        {
            Assert.Null(await _workloads.StartAsync(Id(1), Spec(Healthy), Token));
            Assert.Null(await _workloads.StartAsync(Id(2), Spec(Healthy), Token));
            Assert.Null(await _workloads.RemoveAsync(Id(1), TimeSpan.FromSeconds(5), Token));
            Assert.True(await engine.Api.ExistsAsync(network));
            Assert.Null(await _workloads.RemoveAsync(Id(2), TimeSpan.FromSeconds(5), Token));
            Assert.False(await engine.Api.ExistsAsync(network));
        }
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_process_that_ends_is_seen_with_its_exit_code_and_its_last_words()
    {
        var id = Id(1);
        Assert.Null(await _workloads.StartAsync(id, Spec("echo no such table; exit 0"), Token));
        var ended = await UntilAsync(id, info => info?.State is ReplicaState.Stopped);
        Assert.Contains("exit code 0", ended!.Error!.Message, StringComparison.Ordinal);
        Assert.Contains("no such table", await _workloads.LogsAsync(id, 10, Token), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task The_data_of_a_volume_outlives_replicas_and_versions_and_goes_with_its_service()
    {
        const string Counts = "echo x >>/data/lines; busybox wc -l </data/lines >/tmp/healthz; exec busybox httpd -f -p 8080 -h /tmp";
        using var client = new HttpClient();
        // An image with a /data that belongs to the user of containers: a new volume takes its owner from there.
        var image = Environment.GetEnvironmentVariable("POLYCLAW_TEST_IMAGE_OS");
        Assert.SkipWhen(image is null && Environment.GetEnvironmentVariable("POLYCLAW_TEST_REQUIRE_ENGINE") != "1", "POLYCLAW_TEST_IMAGE_OS is not set: eng/test.sh makes it");
        foreach (var (version, lines) in ((int, string)[])[(1, "1"), (2, "2")])
        {
            var id = new ReplicaId("acme", "web", version, 1);
            Assert.Null(await _workloads.StartAsync(id, Spec(Counts) with { Image = image!, Volume = "/data" }, Token));
            var healthy = await UntilAsync(id, info => info?.State is ReplicaState.Healthy);
            Assert.Equal(lines, (await client.GetStringAsync(new Uri(healthy!.Address!, "/healthz"), Token)).Trim());
            Assert.Null(await _workloads.RemoveAsync(id, TimeSpan.FromSeconds(5), Token));
        }

        Assert.Null(await _workloads.RemoveVolumeAsync("acme", "web", Token));
        Assert.Null(await _workloads.RemoveVolumeAsync("acme", "web", Token));
        var again = new ReplicaId("acme", "web", 3, 1);
        Assert.Null(await _workloads.StartAsync(again, Spec(Counts) with { Image = image!, Volume = "/data" }, Token));
        var fresh = await UntilAsync(again, info => info?.State is ReplicaState.Healthy);
        Assert.Equal("1", (await client.GetStringAsync(new Uri(fresh!.Address!, "/healthz"), Token)).Trim());
        Assert.Null(await _workloads.RemoveAsync(again, TimeSpan.FromSeconds(5), Token));
        Assert.Null(await _workloads.RemoveVolumeAsync("acme", "web", Token));
    }

    [Fact(Timeout = TestTimeout)]
    [Trait("Promise", "P53")]
    public async Task The_processor_time_of_a_replica_is_told_in_percent_of_its_limit()
    {
        var id = Id(1);
        var spec = Spec("while :; do :; done & " + Healthy);
        Assert.Null(await _workloads.StartAsync(id, spec with { Amounts = spec.Amounts with { NanoCpus = 100_000_000 } }, Token));
        await UntilAsync(id, _ => _workloads.CpuPercentOf(id) is > 50 and < 200);
    }

    [Fact(Timeout = TestTimeout)]
    [Trait("Promise", "P60")]
    public async Task What_stays_is_found_again_and_taken_up_not_made_twice()
    {
        var id = Id(1);
        Assert.Null(await _workloads.StartAsync(id, Spec(Healthy), Token));
        var before = await UntilAsync(id, info => info?.State is ReplicaState.Healthy);
        await _workloads.DisposeAsync();

        _workloads = await OpenAsync();
        await _workloads.LookAsync(Token);
        var after = await UntilAsync(id, info => info?.State is ReplicaState.Healthy);
        Assert.Equal(before!.Address, after!.Address);
        Assert.Null(await _workloads.StartAsync(id, Spec(Healthy), Token));
        Assert.Single(await Containers());
        var fault = await _workloads.StartAsync(id, Spec(Healthy) with { SpecSha256 = "another" }, Token);
        Assert.Equal("name_taken", fault!.Error.Code);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task One_that_ignores_SIGTERM_is_killed_after_its_grace()
    {
        var id = Id(1);
        Assert.Null(await _workloads.StartAsync(id, Spec($"trap '' TERM; {Healthy.Replace("exec ", "", StringComparison.Ordinal)}"), Token));
        await UntilAsync(id, info => info?.State is ReplicaState.Healthy);
        Assert.Null(await _workloads.RemoveAsync(id, TimeSpan.FromMilliseconds(300), Token));
        Assert.Empty(await Containers());
    }

    [Fact(Timeout = TestTimeout)]
    public async Task What_somebody_else_removes_is_told_of()
    {
        var id = Id(1);
        Assert.Null(await _workloads.StartAsync(id, Spec(Healthy), Token));
        var told = new TaskCompletionSource<ReplicaInfo>(TaskCreationOptions.RunContinuationsAsynchronously);
        _workloads.Changed += info =>
        {
            // That its process ended may be heard first.
            if (info is { State: ReplicaState.Stopped, Error.Code: "removed" })
                told.TrySetResult(info);
        };
        await engine.Api.RemoveAsync($"containers/{Assert.Single(await Containers())}?force=true");
        await _workloads.LookAsync(Token);
        Assert.Contains("somebody else", (await told.Task.WaitAsync(Token)).Error!.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeout)]
    [Trait("Threat", "T06")]
    public async Task The_child_runtime_removes_no_replica_when_it_sweeps()
    {
        Assert.Null(await _workloads.StartAsync(Id(1), Spec(Healthy), Token));
        var probe = await DockerRuntime.ConnectAsync(
            engine.Endpoint, _instance, RealToolServer.Binary, new DockerDeadlines(), TimeProvider.System, NullLogger.Instance, null, Token);
        await using var runtime = Assert.IsType<DockerProbe.Ready>(probe).Runtime;
        Assert.Empty(await runtime.SweepAsync(new HashSet<string>(), Token));
        Assert.Single(await Containers());
    }

    [Theory(Timeout = TestTimeout)]
    [InlineData("127.0.0.1:1/no-such/image:1", 8080, "/healthz", "/image")]
    [InlineData("--privileged", 8080, "/healthz", "/image")]
    [InlineData(null, 0, "/healthz", "/port")]
    [InlineData(null, 65_536, "/healthz", "/port")]
    [InlineData(null, 8080, "http://evil/", "/health_path")]
    [InlineData(null, 8080, "/a\nb", "/health_path")]
    public async Task What_cannot_be_started_says_why_and_leaves_nothing(string? image, int port, string health, string path)
    {
        var spec = Spec(Healthy) with { Port = port, HealthPath = health };
        var fault = await _workloads.StartAsync(Id(1), image is null ? spec : spec with { Image = image }, Token);
        Assert.Contains(path, fault!.Error.Path, StringComparison.Ordinal);
        Assert.NotNull(fault.Error.Fix);
        Assert.Empty(await Containers());
        Assert.False(await engine.Api.ExistsAsync("networks/" + DockerLabels.NetworkOf(_instance, "acme")));
    }

    public async ValueTask InitializeAsync()
    {
        engine.Require();
        _instance = engine.NewInstance();
        _workloads = await OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_workloads is null)
            return;
        await _workloads.DisposeAsync();
        foreach (var container in await Containers())
            await engine.Api.RemoveAsync($"containers/{container}?force=true");
        await engine.Api.RemoveAsync("networks/" + DockerLabels.NetworkOf(_instance, "acme"));
    }

    private static ReplicaId Id(int number) => new("acme", "web", 1, number);

    private ReplicaSpec Spec(string script) => new(
        engine.Image, new ResourceAmounts(NanoCpus: 500_000_000, MemoryBytes: 32L << 20, Pids: 32), 8080, "/healthz", ["sh", "-c", script],
        new Dictionary<string, string>(), "digest");

    private Task<IReadOnlyList<string>> Containers() => engine.Api.NamesAsync(_instance);

    private async Task<DockerWorkloads> OpenAsync(HealthOptions? options = null)
    {
        var docker = new DockerEngine(engine.Endpoint, new DockerDeadlines(), TimeProvider.System);
        var facts = await docker.NegotiateAsync(Token);
        return new DockerWorkloads(docker, facts.Traits, _instance, options ?? new HealthOptions(), TimeProvider.System, NullLogger.Instance);
    }

    private async Task<ReplicaInfo?> UntilAsync(ReplicaId id, Func<ReplicaInfo?, bool> isSo)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var info = _workloads.List().FirstOrDefault(replica => replica.Id == id);
            if (isSo(info))
                return info;
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Limit, $"it did not come about; last seen: {info}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token);
        }
    }
}

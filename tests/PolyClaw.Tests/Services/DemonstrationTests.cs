using static PolyClaw.Tests.Services.Demonstration;

namespace PolyClaw.Tests.Services;

/// <summary>
/// The four demonstrations, by the commands that a person runs. Canary steps and scaling windows are shorter than a person's. They run when no other
/// test does: what they look at is how quickly answers come.
/// </summary>
[Collection(nameof(Alone))]
public sealed class DemonstrationTests
{
    [Fact]
    [Trait("Promise", "D1")]
    [Trait("Promise", "P55")]
    public async Task Rapid_deployment()
    {
        var (code, text) = await RunAsync("rapid-deployment.sh", [], ("POLYCLAW__SERVICES__ROLLOUTS__LEASTSTEPTIME", "00:00:02"), ("POLYCLAW__SERVICES__ROLLOUTS__LEASTSAMPLES", "20"));
        Assert.True(code == 0, text);
        Assert.Contains("rec-host is ready", text, StringComparison.Ordinal);
        Assert.Contains("rec-service v1 serves with 4 replicas", text, StringComparison.Ordinal);
        Assert.Contains("version 2 has earned 10 % of the traffic", text, StringComparison.Ordinal);
        Assert.Contains("rec-service v2 serves with 4 replicas", text, StringComparison.Ordinal);
        Assert.Contains(", failed 0,", text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Promise", "D2")]
    [Trait("Promise", "P53")]
    public async Task Surge_with_an_alert_of_a_real_Prometheus()
    {
        var (code, text) = await RunAsync("surge.sh", [], Watching());
        Assert.True(code == 0, text);
        Assert.Contains("autoscale service \"order-processor\" to=20 replicas", text, StringComparison.Ordinal);
        Assert.Contains("back to its baseline after", text, StringComparison.Ordinal);
        Assert.Contains("two replicas again after", text, StringComparison.Ordinal);
    }

    /// <summary>The control: did the latency come back without more replicas, the test above would prove nothing. By hand: it takes its whole time.</summary>
    [Fact(Explicit = true)]
    [Trait("Promise", "D2")]
    public async Task Without_the_autoscaler_the_surge_is_not_mastered()
    {
        var (code, text) = await RunAsync("surge.sh", ["--without-autoscaler"], [.. Watching(), ("WITHIN", "60")]);
        Assert.Equal(1, code);
        Assert.Contains("after 60 s the p95 is", text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Promise", "D3")]
    public async Task An_edge_server_on_demand()
    {
        var (code, text) = await RunAsync(
            "edge-server.sh", [], ("EDGE_ENDPOINT", Required("POLYCLAW_TEST_ENGINE_TLS")), ("EDGE_CERTS", Required("POLYCLAW_TEST_ENGINE_TLS_CERTS")),
            ("EDGE_ADDRESS", Required("POLYCLAW_TEST_ENGINE_TLS_ADDRESS")));
        Assert.True(code == 0, text);
        Assert.Contains("cache is well", text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Promise", "D4")]
    [Trait("Promise", "P54")]
    public async Task A_bad_update_is_rolled_back()
    {
        var (code, text) = await RunAsync("bad-update.sh", []);
        Assert.True(code == 0, text);
        Assert.Contains("rolled back in", text, StringComparison.Ordinal);
        Assert.Contains("version 1 serves as before", text, StringComparison.Ordinal);
        Assert.Contains("{\"kind\":\"rolled_back\"", text, StringComparison.Ordinal);
    }

    private static (string, string)[] Watching() =>
    [
        ("PROMETHEUS", Required("POLYCLAW_TEST_PROMETHEUS")), ("ALERTMANAGER", Required("POLYCLAW_TEST_ALERTMANAGER")), ("HOLD", "00:00:10"), ("WINDOW", "00:00:10"),
    ];
}

/// <summary>Tests that run when no other does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

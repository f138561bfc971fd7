using PolyClaw.Tests.Instances;
using static PolyClaw.Tests.Services.Demonstration;

namespace PolyClaw.Tests.Services;

/// <summary>What an instance that keeps a service leaves in its log.</summary>
[Trait("Promise", "P50")]
public sealed class ServiceEndTests
{
    [Fact]
    public async Task An_instance_that_kept_a_service_ends_without_a_fault_and_has_not_written_down_its_requests()
    {
        var engine = Required("POLYCLAW_TEST_DOCKER");
        var sample = Required("POLYCLAW_TEST_IMAGE_SERVICE");
        await using var home = new TestHome();
        home.Variables["POLYCLAW__Runtime__Kind"] = "docker";
        home.Variables["POLYCLAW__Gateway__Listen"] = "127.0.0.1:0";
        home.Variables["DOCKER_HOST"] = engine;
        var deployed = await home.RunAsync("run", $"deploy service web image={sample} cpu=100m memory=32Mi");
        Assert.True(deployed.Code == 0, deployed.ToString());
        var asked = await home.RunAsync("run", "validate service web path=/told-to-nobody requests=5");
        Assert.True(asked.Code == 0, asked.ToString());
        var deleted = await home.RunAsync("services", "delete", "web");
        Assert.True(deleted.Code == 0, deleted.ToString());
        var instance = await home.InstanceAsync();
        Assert.Equal(0, (await home.RunAsync("stop")).Code);
        await TestHome.EndedAsync(instance);
        var log = await File.ReadAllTextAsync(Path.Combine(home.Folder, "instance.log"), TestContext.Current.CancellationToken);
        Assert.DoesNotContain("Unhandled exception", log, StringComparison.Ordinal);
        Assert.DoesNotContain("Proxying to", log, StringComparison.Ordinal);
    }
}

using System.Diagnostics;
using System.Text.RegularExpressions;
using PolyClaw.Tests.Instances;

namespace PolyClaw.Tests.Services;

/// <summary>The gateway as a process of its own, on a real engine.</summary>
[Collection(nameof(Alone))]
public sealed partial class GatewayProcessTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Promise", "P55")]
    [Trait("Fault", "restart")]
    public async Task No_request_is_lost_while_the_instance_is_killed_and_another_takes_its_place()
    {
        var engine = Demonstration.Required("POLYCLAW_TEST_DOCKER");
        var sample = Demonstration.Required("POLYCLAW_TEST_SERVICE_PROGRAM");
        await using var home = new TestHome();
        home.Variables["POLYCLAW__Runtime__Kind"] = "auto";
        home.Variables["DOCKER_HOST"] = engine;
        Directory.CreateDirectory(home.Folder);
        var gateway = home.Start(["gateway", "--listen", "127.0.0.1:0"]);
        var said = await gateway.StandardError.ReadLineAsync(Token);
        var address = Address().Match(said!).Value;
        try
        {
            var deployed = await home.RunAsync("run", "deploy service web image=polyclaw-sample/service:1 replicas=2 cpu=100m memory=64Mi");
            Assert.True(deployed.Code == 0, deployed.ToString());
            Assert.Contains(address + "web/", deployed.Output, StringComparison.Ordinal);

            using var load = Process.Start(new ProcessStartInfo(sample, ["load", address + "web/", "--rate", "100", "--seconds", "60", "--stream-every", "20"]) { RedirectStandardOutput = true })!;
            var text = load.StandardOutput.ReadToEndAsync(Token);
            TestHome.Kill(await home.InstanceAsync());
            // Nobody keeps the services now; the gateway serves on, and another instance takes them up.
            await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, Token);
            var next = await home.RunAsync("run", "deploy service web image=polyclaw-sample/service:1 replicas=2 cpu=100m memory=64Mi args=[\"--version\",\"v2\"]");
            Assert.True(next.Code == 0, next.ToString());
            using (Process.Start("kill", ["-TERM", $"{load.Id}"]))
                await load.WaitForExitAsync(Token);
            var last = (await text).TrimEnd().Split('\n')[^1];
            Assert.Contains(", failed 0,", last, StringComparison.Ordinal);
            Assert.Contains(" v2 ", last + " ", StringComparison.Ordinal);
        }
        finally
        {
            await home.RunAsync("services", "delete", "web");
            using (Process.Start("kill", ["-TERM", $"{gateway.Id}"]))
                await gateway.WaitForExitAsync(Token);
        }
    }

    [GeneratedRegex("http://127[.]0[.]0[.]1:[0-9]+/")]
    private static partial Regex Address();
}

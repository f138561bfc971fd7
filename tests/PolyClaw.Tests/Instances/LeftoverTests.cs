using System.Text.Json;

namespace PolyClaw.Tests.Instances;

/// <summary>What an instance that was killed leaves in the engine.</summary>
[Collection(ProcessTests.Name)]
public sealed class LeftoverTests
{
    /// <summary>An MCP server in a shell that neither the end of its input nor a request to end moves.</summary>
    private const string Stubborn =
        """
        trap '' TERM
        while read -r line; do
          id=${line#*\"id\":}; id=${id%%[,\}]*}
          case $line in
            *'"initialize"'*) echo "{\"jsonrpc\":\"2.0\",\"id\":$id,\"result\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"s\",\"version\":\"1\"}}}";;
            *'"tools/list"'*) echo "{\"jsonrpc\":\"2.0\",\"id\":$id,\"result\":{\"tools\":[{\"name\":\"t\",\"inputSchema\":{\"type\":\"object\"}}]}}";;
            *'"ping"'*) echo "{\"jsonrpc\":\"2.0\",\"id\":$id,\"result\":{}}";;
            *'"id"'*) echo "{\"jsonrpc\":\"2.0\",\"id\":$id,\"error\":{\"code\":-32601,\"message\":\"no\"}}";;
          esac
        done
        while :; do sleep 1; done
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Fact]
    [Trait("Fault", "F1")]
    [Trait("Promise", "P43")]
    public async Task The_next_instance_removes_the_containers_of_one_that_was_killed()
    {
        var engine = Environment.GetEnvironmentVariable("POLYCLAW_TEST_DOCKER");
        var image = Environment.GetEnvironmentVariable("POLYCLAW_TEST_IMAGE_OS");
        var required = Environment.GetEnvironmentVariable("POLYCLAW_TEST_REQUIRE_ENGINE") == "1";
        Assert.SkipWhen((engine is null || image is null) && !required, "no Docker engine: POLYCLAW_TEST_DOCKER and POLYCLAW_TEST_IMAGE_OS are not set");
        await using var home = new TestHome();
        home.Variables["POLYCLAW__Runtime__Kind"] = "docker";
        home.Variables["DOCKER_HOST"] = engine!;
        Directory.CreateDirectory(home.Folder);
        using var containers = new EngineContainers(engine!, home.Home.Id);
        try
        {
            var spec = Path.Combine(home.Folder, "stubborn.json");
            await File.WriteAllTextAsync(
                spec, $$$"""{"source":{"kind":"image","image":"{{{image}}}","args":["/bin/sh","-c",{{{JsonSerializer.Serialize(Stubborn)}}}]}}""", TestContext.Current.CancellationToken);
            var made = await home.RunAsync("servers", "create", "stubborn", "--file", spec);
            Assert.True(made.Code == 0, made.ToString());
            var (_, lease, state) = Assert.Single(await containers.ListAsync());
            Assert.Equal("running", state);

            var killed = await home.InstanceAsync();
            TestHome.Kill(killed);
            await TestHome.EndedAsync(killed);

            Assert.Equal(0, (await home.RunAsync("doctor")).Code);
            var began = TimeProvider.System.GetTimestamp();
            await TestHome.UntilAsync(async () => (await containers.ListAsync()).All(c => c.Lease != lease));
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Limit, "it took too long");
        }
        finally
        {
            await containers.RemoveAllAsync();
        }
    }
}

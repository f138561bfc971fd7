using System.Text.Json;
using System.Text.Json.Nodes;

namespace PolyClaw.Tests.Instances;

/// <summary>A host server on an engine at another place, asked for as a person asks for it.</summary>
[Collection(ProcessTests.Name)]
[Trait("Promise", "P16")]
[Trait("Promise", "P66")]
[Trait("Promise", "D3")]
public sealed class PlaceTests
{
    private const string Create = "create mcp-server cpu=2Gi memory=4Gi storage=20Gi location=\"pop-up-nyc\"";

    [Fact]
    public async Task The_command_puts_a_host_at_its_location_and_nowhere_else_and_another_place_is_refused_with_those_there_are()
    {
        var (here, there) = (Variable("DOCKER"), Variable("ENGINE_TLS_SOCKET"));
        Assert.SkipWhen((here is null || there is null) && Variable("REQUIRE_ENGINE") != "1", "no two engines: POLYCLAW_TEST_DOCKER and POLYCLAW_TEST_ENGINE_TLS_SOCKET are not both set");
        await using var home = new TestHome();
        home.Variables["POLYCLAW__Runtime__Kind"] = "docker";
        home.Variables["DOCKER_HOST"] = here!;
        Directory.CreateDirectory(home.Folder);
        await File.WriteAllTextAsync(home.Home.Settings, Settings(), TestContext.Current.CancellationToken);
        using var near = new EngineContainers(here!, home.Home.Id);
        using var far = new EngineContainers(there!, home.Home.Id);
        try
        {
            var made = await home.RunAsync("run", "--json", Create + "\ncall pop-up-nyc-1.status as state after create-host\n");
            Assert.True(made.Code == 0, made.ToString());
            Assert.Contains("cpu=2Gi is taken for 2 cores", made.Output, StringComparison.Ordinal);
            Assert.Contains("storage=20Gi is counted, and not enforced", made.Output, StringComparison.Ordinal);
            Assert.Equal("running", Assert.Single(await far.ListAsync()).State);
            Assert.Empty(await near.ListAsync());

            var listed = await home.RunAsync("servers", "list", "--json");
            Assert.Contains("\"location\":\"pop-up-nyc\"", listed.Output.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);

            Assert.Contains("at pop-up-nyc: Docker ", (await home.RunAsync("doctor")).Output, StringComparison.Ordinal);

            var lost = await home.RunAsync("run", "--json", Create.Replace("nyc", "sfo", StringComparison.Ordinal));
            Assert.Equal(4, lost.Code);
            Assert.Contains("one of pop-up-nyc", lost.Output, StringComparison.Ordinal);

            var gone = await home.RunAsync("run", "--json", "decommission mcp-server pop-up-nyc-1");
            Assert.True(gone.Code == 0, gone.ToString());
            Assert.Empty(await far.ListAsync());
        }
        finally
        {
            await far.RemoveAllAsync();
            await near.RemoveAllAsync();
        }
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable("POLYCLAW_TEST_" + name);

    private static string Settings()
    {
        var certificates = Variable("ENGINE_TLS_CERTS")!;
        return new JsonObject
        {
            ["Engines"] = new JsonObject
            {
                ["pop-up-nyc"] = new JsonObject
                {
                    ["Endpoint"] = Variable("ENGINE_TLS"),
                    ["CaFile"] = Path.Combine(certificates, "ca.pem"),
                    ["CertFile"] = Path.Combine(certificates, "cert.pem"),
                    ["KeyFile"] = Path.Combine(certificates, "key.pem"),
                },
            },
        }.ToJsonString(JsonSerializerOptions.Default);
    }
}

using System.Text.Json;
using ModelContextProtocol.Client;
using PolyClaw.Bench.Rows;

namespace PolyClaw.Bench.Peers;

/// <summary>The sample service, deployed in a home for one measurement; it is deleted afterwards, for replicas outlive their instance.</summary>
internal sealed class SampleService : IAsyncDisposable
{
    public const string Image = "polyclaw-sample/service:1";
    public const int Port = 8080;
    public const string HealthPath = "healthz";

    private readonly AppHome _home;

    private SampleService(AppHome home, string name) => (_home, Name) = (home, name);

    public string Name { get; }

    /// <summary>The label of its replicas.</summary>
    public string Label => "polyclaw.service=" + Name;

    /// <summary>An engine that has the sample's image.</summary>
    /// <exception cref="NotHereException">There is none.</exception>
    public static async Task<EngineApi> EngineAsync(CancellationToken cancellationToken)
    {
        var engine = await EngineApi.OpenAsync(cancellationToken) ?? throw new NotHereException("no container engine answers");
        if (await engine.HasImageAsync(Image, cancellationToken))
            return engine;
        engine.Dispose();
        throw new NotHereException($"the engine has no image {Image}: samples/services/build.sh makes it");
    }

    /// <summary>The goal that deploys it.</summary>
    /// <param name="name">The service's name.</param>
    /// <param name="clauses">What follows the image.</param>
    public static string Goal(string name, string clauses) => $"deploy service {name} image={Image} {clauses}";

    /// <summary>A name that no other service of this engine bears.</summary>
    public static string NewName() => "bench-" + Guid.NewGuid().ToString("n")[..8];

    public static async Task<SampleService> DeployAsync(AppHome home, McpClient client, string name, string clauses, CancellationToken cancellationToken)
    {
        var service = new SampleService(home, name);
        try
        {
            await client.RunGoalAsync(Goal(name, clauses), cancellationToken);
            return service;
        }
        catch (Exception)
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>Where the gateway takes its requests.</summary>
    public async Task<Uri> AddressAsync(CancellationToken cancellationToken) =>
        new(JsonElement.Parse(await _home.AskAsync(cancellationToken, "services", "show", Name, "--json")).GetProperty("address").GetString()!);

    public async ValueTask DisposeAsync() => await _home.AskAsync(CancellationToken.None, "services", "delete", Name);
}

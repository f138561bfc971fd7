using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using PolyClaw.Bench.Figures;
using PolyClaw.Bench.Peers;

namespace PolyClaw.Bench.Rows;

/// <summary>A service of four replicas, from the goal to all of them healthy, against four containers made as PolyClaw makes them and started by hand at once.</summary>
internal sealed class DeployService(BenchSettings settings) : IRow
{
    public const string RowName = "deploy";

    private const int Replicas = 4;

    public string Name => RowName;

    public async IAsyncEnumerable<Figure> MeasureAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var engine = await SampleService.EngineAsync(cancellationToken);
        await using var home = AppHome.Make(settings, "docker");
        await using var client = await home.ConnectAsync(cancellationToken);
        // It shows how a replica is made, and keeps the network there that both are put into.
        await using var pattern = await SampleService.DeployAsync(home, client, SampleService.NewName(), Clauses(1), cancellationToken);
        var template = await engine.TemplateAsync((await engine.RunningAsync(pattern.Label, cancellationToken)).Single(), cancellationToken);
        List<double> floors = [], measured = [];
        // The first pair warms up.
        for (var i = -1; i < Math.Max(3, settings.Samples / 2); i++)
        {
            var below = await ByHandAsync(engine, template, cancellationToken);
            var value = await ThroughAsync(home, client, cancellationToken);
            if (i < 0)
                continue;
            measured.Add(value);
            floors.Add(below);
        }

        yield return new Figure($"goal to {Replicas} healthy replicas / the same containers by hand", "ms", new Samples(measured), new Samples(floors), new Goal.TimesUpTo(1.5, 3_000));
    }

    private static string Clauses(int replicas) => $"replicas={replicas} cpu=500m memory=64Mi";

    private static async Task<double> ThroughAsync(AppHome home, McpClient client, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        await using var service = await SampleService.DeployAsync(home, client, SampleService.NewName(), Clauses(Replicas), cancellationToken);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static async Task<double> ByHandAsync(EngineApi engine, JsonObject template, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var made = new List<string>();
        var start = Stopwatch.GetTimestamp();
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Replicas).Select(async _ =>
            {
                var container = await engine.RunAsync(template, cancellationToken);
                lock (made)
                    made.Add(container);
                await HealthyAsync(http, new Uri(await engine.AddressAsync(container, SampleService.Port, cancellationToken), SampleService.HealthPath), cancellationToken);
            }));
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        finally
        {
            foreach (var container in made)
                await engine.RemoveAsync(container, CancellationToken.None);
        }
    }

    private static async Task HealthyAsync(HttpClient http, Uri health, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(health, cancellationToken);
                if (answer.StatusCode is HttpStatusCode.OK)
                    return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(10, cancellationToken);
        }
    }
}

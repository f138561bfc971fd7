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
        List<double> floors = [], measured = [];
        JsonObject? template = null;
        // The first one opens the engine and makes the network, and shows how a replica is made.
        for (var i = -1; i < Math.Max(3, settings.Samples / 2); i++)
        {
            var (value, made) = await ThroughAsync(engine, home, client, cancellationToken);
            template ??= made;
            var below = await ByHandAsync(engine, template, cancellationToken);
            if (i < 0)
                continue;
            measured.Add(value);
            floors.Add(below);
        }

        yield return new Figure($"goal to {Replicas} healthy replicas / the same containers by hand", "ms", new Samples(measured), new Samples(floors), new Goal.TimesUpTo(1.5, 3_000));
    }

    private static async Task<(double Time, JsonObject Template)> ThroughAsync(EngineApi engine, AppHome home, McpClient client, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        await using var service = await SampleService.DeployAsync(home, client, SampleService.NewName(), $"replicas={Replicas} cpu=500m memory=64Mi", cancellationToken);
        var time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        var running = await engine.RunningAsync(service.Label, cancellationToken);
        return running.Count == Replicas
            ? (time, await engine.TemplateAsync(running[0], cancellationToken))
            : throw new InvalidOperationException($"{running.Count} replicas run, not {Replicas}");
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

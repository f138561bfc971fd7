using System.Diagnostics;
using System.Runtime.CompilerServices;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using PolyClaw.Bench.Figures;
using PolyClaw.Bench.Peers;

namespace PolyClaw.Bench.Rows;

/// <summary><c>create_server</c> (kind tools) to the first result of its tool, with no warm child, against the same steps done by hand with the stdio floor.</summary>
internal sealed class CreateServer(BenchSettings settings) : IRow
{
    public const string RowName = "create";

    private int _made;

    public string Name => RowName;

    public async IAsyncEnumerable<Figure> MeasureAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await CompareAsync("local", "bare process", BareProcessAsync, new Goal.None(), cancellationToken);
        using var engine = await EngineApi.OpenAsync(cancellationToken) ?? throw new NotHereException("no container engine answers");
        await using var image = await FloorImage.MakeAsync(engine, settings.StdioFloor, cancellationToken);
        yield return await CompareAsync("docker", "bare engine calls", token => BareContainerAsync(engine, image.Reference, token), new Goal.Times(1.3), cancellationToken);
    }

    private async Task<Figure> CompareAsync(string runtime, string floor, Func<CancellationToken, Task<double>> bare, Goal goal, CancellationToken cancellationToken)
    {
        await using var home = AppHome.Make(settings, runtime);
        await using var client = await home.ConnectAsync(cancellationToken);
        List<double> floors = [], measured = [];
        // The first pair makes the image and brings the files into memory.
        for (var i = -1; i < settings.Samples; i++)
        {
            var below = await bare(cancellationToken);
            var value = await ThroughAsync(client, cancellationToken);
            if (i < 0)
                continue;
            floors.Add(below);
            measured.Add(value);
        }

        return new Figure($"create_server to first tool result, {runtime} / {floor}", "ms", new Samples(measured), new Samples(floors), goal);
    }

    private async Task<double> ThroughAsync(McpClient client, CancellationToken cancellationToken)
    {
        var name = $"bench-{++_made}";
        var start = Stopwatch.GetTimestamp();
        await client.CreateServerAsync(name, Lines.ToolsSource(), cancellationToken);
        await client.EchoThroughAsync(name, cancellationToken);
        var time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        await client.RemoveServerAsync(name, cancellationToken);
        return time;
    }

    private async Task<double> BareProcessAsync(CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        await using var server = LineServer.Start(settings.StdioFloor, []);
        await using var client = await McpClient.CreateAsync(new StreamClientTransport(server.Input, server.Output), cancellationToken: cancellationToken);
        await client.EchoAsync(cancellationToken);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static async Task<double> BareContainerAsync(EngineApi engine, string image, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        await using var container = await engine.StartAsync(image, cancellationToken);
        await using var client = await McpClient.CreateAsync(new StreamClientTransport(container.Input, container.Output), cancellationToken: cancellationToken);
        await client.EchoAsync(cancellationToken);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}

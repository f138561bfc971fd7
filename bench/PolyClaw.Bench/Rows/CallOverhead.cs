using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using PolyClaw.Bench.Figures;
using PolyClaw.Bench.Peers;

namespace PolyClaw.Bench.Rows;

/// <summary>A read-only tool called through PolyClaw (client, shim, instance, child) and at the child itself, in turn, by the same client library.</summary>
internal sealed class CallOverhead(BenchSettings settings) : IRow
{
    public const string RowName = "call";

    private const int Rounds = 40;
    private const int Warmup = 100;
    private const int Many = 32;

    public string Name => RowName;

    public async IAsyncEnumerable<Figure> MeasureAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var figure in HopAsync(cancellationToken))
            yield return figure;
        await foreach (var figure in RemoteAsync(cancellationToken))
            yield return figure;
        await foreach (var figure in ToolsAsync(cancellationToken))
            yield return figure;
        await foreach (var figure in ImageAsync(cancellationToken))
            yield return figure;
    }

    /// <summary>What the machine makes of one hop: the least a gateway can add is a library's server before the child.</summary>
    private async IAsyncEnumerable<Figure> HopAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var server = LineServer.Start(settings.StdioFloor, []);
        await using var client = await McpClient.CreateAsync(new StreamClientTransport(server.Input, server.Output), cancellationToken: cancellationToken);
        foreach (var atOnce in (int[])[1, Many])
        {
            _ = await CallsAsync(atOnce, Warmup / atOnce, token => client.EchoAsync(token), cancellationToken);
            var times = new Samples([.. await CallsAsync(atOnce, Rounds * settings.Samples / atOnce, token => client.EchoAsync(token), cancellationToken)]);
            yield return new Figure($"one hop: echo at the library's stdio server, {atOnce} in flight, p50", "ms", times, null, new Goal.None());
        }
    }

    private async IAsyncEnumerable<Figure> RemoteAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var floor = LineServer.Start(settings.KestrelFloor, []);
        var url = await floor.FirstComplaintAsync(cancellationToken);
        await using var direct = await McpClient.CreateAsync(new HttpClientTransport(new() { Endpoint = new Uri(url), TransportMode = HttpTransportMode.StreamableHttp }), cancellationToken: cancellationToken);
        await using var home = AppHome.Make(settings, "local");
        await using var client = await home.ConnectAsync(cancellationToken);
        await client.CreateServerAsync("echo", new JsonObject { ["kind"] = "remote", ["url"] = url }, cancellationToken);
        await foreach (var figure in CompareAsync("remote child, HTTP", direct, client, 4, withMany: true, cancellationToken))
            yield return figure;
    }

    private async IAsyncEnumerable<Figure> ToolsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var child = LineServer.Start(settings.ToolServer, []);
        await child.WriteAsync(Lines.Definition, cancellationToken);
        await using var direct = await McpClient.CreateAsync(new StreamClientTransport(child.Input, child.Output), cancellationToken: cancellationToken);
        await using var home = AppHome.Make(settings, "local");
        await using var client = await home.ConnectAsync(cancellationToken);
        await client.CreateServerAsync("echo", Lines.ToolsSource(), cancellationToken);
        // A worker's start is many times what is looked for, so this child is asked one call at a time alone.
        await foreach (var figure in CompareAsync("tools child, local", direct, client, 1, withMany: false, cancellationToken))
            yield return figure;
    }

    private async IAsyncEnumerable<Figure> ImageAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var engine = await EngineApi.OpenAsync(cancellationToken) ?? throw new NotHereException("an image child needs a container engine, and none answers");
        await using var image = await FloorImage.MakeAsync(engine, settings.StdioFloor, cancellationToken);
        await using var container = await engine.StartAsync(image.Reference, cancellationToken);
        await using var direct = await McpClient.CreateAsync(new StreamClientTransport(container.Input, container.Output), cancellationToken: cancellationToken);
        await using var home = AppHome.Make(settings, "docker");
        await using var client = await home.ConnectAsync(cancellationToken);
        await client.CreateServerAsync("echo", new JsonObject { ["kind"] = "image", ["image"] = image.Reference }, cancellationToken);
        await foreach (var figure in CompareAsync("image child, attach stream", direct, client, 4, withMany: true, cancellationToken))
            yield return figure;
        await client.RemoveServerAsync("echo", cancellationToken);
    }

    private async IAsyncEnumerable<Figure> CompareAsync(
        string child, McpClient direct, McpClient through, int scale, bool withMany, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Short turns, so that whatever else the machine does falls on both.
        var perRound = Math.Max(1, settings.Samples * scale / 4);
        var (floor, measured) = await InTurnAsync(1, perRound);
        yield return new Figure($"call_tool, {child}, 1 at a time / direct, p50", "ms", measured, floor, new Goal.Added(0.1));
        if (!withMany)
            yield break;
        (floor, measured) = await InTurnAsync(Many, Math.Max(2, perRound / 10));
        yield return new Figure($"call_tool, {child}, {Many} in flight / direct, p50", "ms", measured, floor, new Goal.Added(0.5));
        yield return new Figure($"call_tool, {child}, {Many} in flight / direct, p95", "ms", measured, floor, new Goal.Added(2), 0.95);

        async Task<(Samples Floor, Samples Measured)> InTurnAsync(int atOnce, int calls)
        {
            List<double> below = [], values = [];
            _ = await CallsAsync(atOnce, Math.Max(1, Warmup * scale / 4 / atOnce), token => direct.EchoAsync(token), cancellationToken);
            _ = await CallsAsync(atOnce, Math.Max(1, Warmup * scale / 4 / atOnce), token => through.EchoThroughAsync("echo", token), cancellationToken);
            for (var round = 0; round < Rounds; round++)
            {
                below.AddRange(await CallsAsync(atOnce, calls, token => direct.EchoAsync(token), cancellationToken));
                values.AddRange(await CallsAsync(atOnce, calls, token => through.EchoThroughAsync("echo", token), cancellationToken));
            }

            return (new Samples(below), new Samples(values));
        }
    }

    private static async Task<IEnumerable<double>> CallsAsync(int atOnce, int calls, Func<CancellationToken, Task> call, CancellationToken cancellationToken)
    {
        var lanes = await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(LaneAsync, cancellationToken)));
        return lanes.SelectMany(lane => lane);

        async Task<double[]> LaneAsync()
        {
            var times = new double[calls];
            for (var i = 0; i < calls; i++)
            {
                var start = Stopwatch.GetTimestamp();
                await call(cancellationToken);
                times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }

            return times;
        }
    }
}

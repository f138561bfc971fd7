using System.Runtime.CompilerServices;
using PolyClaw.Bench.Figures;
using PolyClaw.Bench.Peers;

namespace PolyClaw.Bench.Rows;

/// <summary>Requests straight to a replica, through the gateway and through nginx, in turn, loaded by wrk. All share the machine's processors.</summary>
internal sealed class GatewayCost(BenchSettings settings) : IRow
{
    public const string RowName = "gateway";

    private const int Rounds = 5;
    private const int Seconds = 4;
    private const int Many = 64;

    public string Name => RowName;

    public async IAsyncEnumerable<Figure> MeasureAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (wrk, nginx) = (Program("WRK"), Program("NGINX"));
        using var engine = await SampleService.EngineAsync(cancellationToken);
        await using var home = AppHome.Make(settings, "docker");
        await using var client = await home.ConnectAsync(cancellationToken);
        await using var service = await SampleService.DeployAsync(home, client, SampleService.NewName(), "replicas=1 cpu=2 memory=256Mi", cancellationToken);
        var direct = await engine.AddressAsync((await engine.RunningAsync(service.Label, cancellationToken)).Single(), SampleService.Port, cancellationToken);
        await using var other = await Nginx.StartAsync(nginx, direct, settings.WorkFolder, cancellationToken);
        Uri[] ways = [direct, await service.AddressAsync(cancellationToken), other.Address];

        var single = await InTurnAsync(ways, address => Wrk.RunAsync(wrk, address, threads: 1, connections: 1, Seconds, cancellationToken), seen => seen.MedianMs);
        yield return new Figure("a request through the gateway, 1 in flight, p50 / straight to the replica", "ms", single[1], single[0], new Goal.None());
        yield return new Figure("a request through nginx, 1 in flight, p50 / straight to the replica", "ms", single[2], single[0], new Goal.None());
        var many = await InTurnAsync(ways, address => Wrk.RunAsync(wrk, address, threads: 2, Many, Seconds, cancellationToken), seen => seen.PerSecond);
        yield return new Figure($"requests a second through nginx, {Many} in flight / straight to the replica", "1/s", many[2], many[0], new Goal.None());
        yield return new Figure($"requests a second through the gateway, {Many} in flight / through nginx", "1/s", many[1], many[2], new Goal.AtLeastTimes(0.5));
    }

    // The first round warms up.
    private static async Task<Samples[]> InTurnAsync(Uri[] ways, Func<Uri, Task<Wrk>> load, Func<Wrk, double> figure)
    {
        var seen = ways.Select(_ => new List<double>()).ToArray();
        for (var round = -1; round < Rounds; round++)
        {
            for (var way = 0; way < ways.Length; way++)
            {
                var value = figure(await load(ways[way]));
                if (round >= 0)
                    seen[way].Add(value);
            }
        }

        return [.. seen.Select(values => new Samples(values))];
    }

    private static string Program(string name) => Environment.GetEnvironmentVariable("POLYCLAW_TEST_" + name) is { Length: > 0 } path
        ? path
        : throw new NotHereException($"POLYCLAW_TEST_{name} is not set: 'eng/test.sh env' prints it");
}

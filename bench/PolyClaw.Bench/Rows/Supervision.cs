using System.Diagnostics;
using System.Runtime.CompilerServices;
using PolyClaw.Bench.Figures;
using PolyClaw.Bench.Peers;

namespace PolyClaw.Bench.Rows;

/// <summary>Processor time of an instance that watches two hundred replicas and has nothing else to do.</summary>
internal sealed class Supervision(BenchSettings settings) : IRow
{
    public const string RowName = "supervise";

    private const int Services = 10;
    private const int ReplicasEach = 20;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(75);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    public string Name => RowName;

    public async IAsyncEnumerable<Figure> MeasureAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
            throw new NotHereException("processor time is read from /proc, which this system has not");
        using var engine = await SampleService.EngineAsync(cancellationToken);
        await using var home = AppHome.Make(settings, "docker");
        List<SampleService> services = [];
        try
        {
            await using (var client = await home.ConnectAsync(cancellationToken))
            {
                for (var i = 0; i < Services; i++)
                    services.Add(await SampleService.DeployAsync(home, client, SampleService.NewName(), $"replicas={ReplicasEach} cpu=10m memory=16Mi", cancellationToken));
            }

            // In their first minute containers are looked at more closely.
            await Task.Delay(Settle, cancellationToken);
            var pid = await home.InstancePidAsync(cancellationToken);
            var used = new List<double>();
            for (var i = 0; i < 3; i++)
            {
                var (before, began) = (ProcessTime.SecondsOf(pid), Stopwatch.GetTimestamp());
                await Task.Delay(Rest, cancellationToken);
                used.Add(100 * (ProcessTime.SecondsOf(pid) - before) / Stopwatch.GetElapsedTime(began).TotalSeconds);
            }

            yield return new Figure($"{Services * ReplicasEach} replicas supervised, instance at rest, processor time", "% of a core", new Samples(used), null, new Goal.AtMost(2));
        }
        finally
        {
            foreach (var service in services)
                await service.DisposeAsync();
        }
    }
}

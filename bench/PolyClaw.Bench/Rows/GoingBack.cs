using System.Runtime.CompilerServices;
using System.Text.Json;
using ModelContextProtocol.Client;
using PolyClaw.Bench.Figures;
using PolyClaw.Bench.Peers;

namespace PolyClaw.Bench.Rows;

/// <summary>A canary that fails its requests: from the moment that the service's history says it is given up to the last answer that it gave.</summary>
internal sealed class GoingBack(BenchSettings settings) : IRow
{
    public const string RowName = "rollback";

    private const int Rounds = 3;
    private const int Askers = 4;
    private const string Size = "replicas=2 cpu=500m memory=64Mi";

    public string Name => RowName;

    public async IAsyncEnumerable<Figure> MeasureAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var engine = await SampleService.EngineAsync(cancellationToken);
        await using var home = AppHome.Make(settings, "docker");
        await using var client = await home.ConnectAsync(cancellationToken);
        var times = new List<double>();
        for (var round = 0; round < Rounds; round++)
            times.Add(await OnceAsync(home, client, cancellationToken));
        yield return new Figure("rollback decided to the last answer of the version given up", "ms", new Samples(times), null, new Goal.AtMost(1_000), Share: 1);
    }

    private static async Task<double> OnceAsync(AppHome home, McpClient client, CancellationToken cancellationToken)
    {
        await using var service = await SampleService.DeployAsync(home, client, SampleService.NewName(), Size, cancellationToken);
        var address = await service.AddressAsync(cancellationToken);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var askers = Enumerable.Range(0, Askers).Select(_ => AskOnAsync(address, done.Token)).ToList();
        var goal = SampleService.Goal(service.Name, Size + """ strategy=canary weight=50 args=["--version", "bad", "--error-rate", "1"]""");
        try
        {
            await client.RunGoalAsync(goal, cancellationToken);
            throw new InvalidDataException("a version that fails every request was not given up");
        }
        catch (InvalidOperationException)
        {
            // The run ends rolled back, as it should.
        }

        // What is left under way has its answer by then.
        await Task.Delay(200, cancellationToken);
        await done.CancelAsync();
        var last = (await Task.WhenAll(askers)).Max() ?? throw new InvalidOperationException("the bad version answered nothing");
        var history = JsonElement.Parse(await home.AskAsync(cancellationToken, "services", "history", service.Name, "--json")).GetProperty("events");
        var decided = history.EnumerateArray().First(e => e.GetProperty("text").GetString()!.Contains("is given up", StringComparison.Ordinal)).GetProperty("at").GetDateTimeOffset();
        return Math.Max(0, (last - decided).TotalMilliseconds);
    }

    /// <summary>When the bad version last answered.</summary>
    private static async Task<DateTimeOffset?> AskOnAsync(Uri address, CancellationToken until)
    {
        using var http = new HttpClient();
        DateTimeOffset? last = null;
        try
        {
            while (true)
            {
                using var answer = await http.GetAsync(address, until);
                if ((await answer.Content.ReadAsStringAsync(until)).Contains("\"bad\"", StringComparison.Ordinal))
                    last = DateTimeOffset.UtcNow;
                await Task.Delay(5, until);
            }
        }
        catch (OperationCanceledException) when (until.IsCancellationRequested)
        {
            return last;
        }
    }
}

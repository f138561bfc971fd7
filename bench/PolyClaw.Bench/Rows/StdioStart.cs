using System.Runtime.CompilerServices;
using PolyClaw.Bench.Figures;
using PolyClaw.Bench.Peers;

namespace PolyClaw.Bench.Rows;

/// <summary>Process start to the answer to the first request, each in turn with its floor.</summary>
internal sealed class StdioStart(BenchSettings settings) : IRow
{
    public const string RowName = "start";

    private static readonly string[] First = [Lines.Initialize];
    private static readonly string[] DefinitionFirst = [Lines.Definition, Lines.Initialize];

    public string Name => RowName;

    public async IAsyncEnumerable<Figure> MeasureAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await CompareAsync("polyclaw serve, no instance yet / stdio + Kestrel", NoInstanceAsync, settings.KestrelFloor, 2.0, cancellationToken);
        await using (var home = AppHome.Make(settings, "auto"))
        {
            await home.StartInstanceAsync(cancellationToken);
            yield return await CompareAsync(
                "polyclaw serve, an instance runs / stdio", token => LineServer.TimeStartAsync(settings.App, ["serve"], First, home.Environment, token), settings.StdioFloor, 2.0,
                cancellationToken);
        }

        yield return await CompareAsync(
            "ToolServer, definition and first request / stdio", token => LineServer.TimeStartAsync(settings.ToolServer, [], DefinitionFirst, null, token), settings.StdioFloor, 1.2,
            cancellationToken);
    }

    private async Task<double> NoInstanceAsync(CancellationToken cancellationToken)
    {
        await using var home = AppHome.Make(settings, "auto");
        return await LineServer.TimeStartAsync(settings.App, ["serve"], First, home.Environment, cancellationToken);
    }

    private async Task<Figure> CompareAsync(string name, Func<CancellationToken, Task<double>> measure, string floor, double ratio, CancellationToken cancellationToken)
    {
        List<double> measured = [], floors = [];
        // The first pair only brings the files into memory.
        for (var i = -1; i < settings.Samples; i++)
        {
            var below = await LineServer.TimeStartAsync(floor, [], First, null, cancellationToken);
            var value = await measure(cancellationToken);
            if (i < 0)
                continue;
            floors.Add(below);
            measured.Add(value);
        }

        return new Figure(name, "ms", new Samples(measured), new Samples(floors), new Goal.Times(ratio));
    }
}

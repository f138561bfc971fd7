using PolyClaw.Bench.Figures;

namespace PolyClaw.Bench.Rows;

/// <summary>The rows, in the order they are measured.</summary>
internal static class AllRows
{
    private static readonly Func<BenchSettings, IRow>[] Makers =
    [
        s => new StdioStart(s), s => new CallOverhead(s), s => new PlanSteps(s), s => new CreateServer(s), s => new Memory(s), _ => new FindTools(),
        s => new GatewayCost(s), s => new DeployService(s), s => new GoingBack(s), s => new Supervision(s),
    ];

    public static IReadOnlyList<string> Names { get; } =
    [
        StdioStart.RowName, CallOverhead.RowName, PlanSteps.RowName, CreateServer.RowName, Memory.RowName, FindTools.RowName,
        GatewayCost.RowName, DeployService.RowName, GoingBack.RowName, Supervision.RowName,
    ];

    /// <summary>Measures the rows asked for, one after the other; one that breaks does not end the table.</summary>
    public static async Task<Table> MeasureAsync(BenchSettings settings, CancellationToken cancellationToken)
    {
        var table = new Table();
        foreach (var row in Makers.Select(make => make(settings)).Where(row => settings.Rows.Count == 0 || settings.Rows.Contains(row.Name)))
        {
            try
            {
                await foreach (var figure in row.MeasureAsync(cancellationToken))
                {
                    table.Add(figure);
                    await Console.Error.WriteLineAsync($"{row.Name}: {figure.Name}");
                }
            }
            catch (NotHereException missing)
            {
                table.AddSkipped(row.Name, missing.Message);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                table.AddFailed(row.Name, "interrupted");
                break;
            }
            catch (Exception fault)
            {
                table.AddFailed(row.Name, $"{fault.GetType().Name}: {fault.Message.ReplaceLineEndings(" ")}");
                await Console.Error.WriteLineAsync(fault.ToString());
            }
        }

        return table;
    }
}

using PolyClaw.Bench;
using PolyClaw.Bench.Rows;

BenchSettings settings;
try
{
    settings = BenchSettings.Parse(args);
}
catch (ArgumentException wrong)
{
    await Console.Error.WriteLineAsync($"{wrong.Message}\nusage: {BenchSettings.Usage}\nrows: {string.Join(", ", AllRows.Names)}");
    return 2;
}

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    interrupted.Cancel();
};
var unknown = settings.Rows.Except(AllRows.Names).ToList();
if (unknown.Count > 0)
{
    await Console.Error.WriteLineAsync($"there is no row {string.Join(", ", unknown)}; the rows are {string.Join(", ", AllRows.Names)}");
    return 2;
}

var table = await AllRows.MeasureAsync(settings, interrupted.Token);
Console.WriteLine(Surroundings.Text(settings));
Console.WriteLine();
Console.WriteLine(table);
return table.Failed > 0 || interrupted.IsCancellationRequested ? 1 : table.Missed > 0 ? 3 : 0;

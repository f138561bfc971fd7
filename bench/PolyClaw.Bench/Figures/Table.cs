using System.Globalization;

namespace PolyClaw.Bench.Figures;

/// <summary>The table that a run prints: one line a figure, and one for each row that could not be measured.</summary>
internal sealed class Table
{
    private static readonly string[] Heads = ["figure", "unit", "measured (min-max)", "n", "floor (min-max)", "ratio", "goal", ""];

    private readonly List<string[]> _lines = [Heads];

    /// <summary>Figures that miss their goal.</summary>
    public int Missed { get; private set; }

    /// <summary>Rows that broke.</summary>
    public int Failed { get; private set; }

    public void Add(Figure figure)
    {
        if (figure.Met is false)
            Missed++;
        _lines.Add(
        [
            figure.Name,
            figure.Unit,
            Spread(figure.Value, figure.Measured),
            figure.Measured.Count.ToString(CultureInfo.InvariantCulture),
            figure.Floor is { } floor ? Spread(figure.FloorValue!.Value, floor) : "-",
            figure.FloorValue is { } below and > 0 ? (figure.Value / below).ToString("0.00", CultureInfo.InvariantCulture) : "-",
            figure.Goal.Text,
            figure.Met switch { true => "met", false => "MISSED", null => "" },
        ]);
    }

    /// <summary>A row that could not be measured here, for a reason that is no fault.</summary>
    public void AddSkipped(string row, string why) => _lines.Add([row, "", "not measured: " + why]);

    /// <summary>A row that broke.</summary>
    public void AddFailed(string row, string why)
    {
        Failed++;
        _lines.Add([row, "", "FAILED: " + why]);
    }

    public override string ToString()
    {
        // A line of three says why in the place of its numbers: it must not widen the columns.
        var full = _lines.Where(line => line.Length == Heads.Length).ToList();
        var widths = Heads.Select((_, i) => full.Max(line => line[i].Length)).ToArray();
        return string.Join('\n', _lines.Select(line => string.Join("  ", line.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd()));
    }

    private static string Spread(double value, Samples samples) => $"{Number(value)} ({Number(samples.Least)}-{Number(samples.Most)})";

    private static string Number(double number) => number.ToString(
        Math.Abs(number) switch { >= 100 => "0", >= 10 => "0.0", >= 1 => "0.00", _ => "0.000" }, CultureInfo.InvariantCulture);
}

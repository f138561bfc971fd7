namespace PolyClaw.Bench;

/// <summary>Where the programs lie and how much is measured.</summary>
/// <param name="AppFolder">What publishing the app wrote: <c>polyclaw</c>, and ToolServer in <c>toolserver/</c>.</param>
/// <param name="FloorsFolder">The floors: <c>stdio/floor-stdio</c>, <c>stdio-kestrel/floor-stdio-kestrel</c>.</param>
/// <param name="WorkFolder">Where homes are made; its disk is the one whose commits are measured.</param>
/// <param name="Samples">Samples of what starts a process; the rest is derived from it. At least 3, default 20.</param>
/// <param name="Rows">Rows to measure; all when empty.</param>
internal sealed record BenchSettings(string AppFolder, string FloorsFolder, string WorkFolder, int Samples, IReadOnlyList<string> Rows)
{
    public const string Usage = "PolyClaw.Bench --app FOLDER --floors FOLDER [--work FOLDER] [--samples N] [ROW...]";

    public string App => Path.Combine(AppFolder, "polyclaw");

    public string ToolServer => Path.Combine(AppFolder, "toolserver", "polyclaw-toolserver");

    public string StdioFloor => Path.Combine(FloorsFolder, "stdio", "floor-stdio");

    public string KestrelFloor => Path.Combine(FloorsFolder, "stdio-kestrel", "floor-stdio-kestrel");

    /// <exception cref="ArgumentException">An argument is missing, unknown or wrong, or a program is not there.</exception>
    public static BenchSettings Parse(IReadOnlyList<string> args)
    {
        string? app = null, floors = null;
        var work = Path.GetTempPath();
        var samples = 20;
        List<string> rows = [];
        for (var i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                rows.Add(args[i]);
                continue;
            }

            var (option, value) = (args[i], ++i < args.Count ? args[i] : throw new ArgumentException($"{args[i - 1]} needs a value"));
            switch (option)
            {
                case "--app": app = Path.GetFullPath(value); break;
                case "--floors": floors = Path.GetFullPath(value); break;
                case "--work": work = Path.GetFullPath(value); break;
                case "--samples" when int.TryParse(value, out samples) && samples >= 3: break;
                case "--samples": throw new ArgumentException($"--samples {value}: a whole number of at least 3");
                default: throw new ArgumentException($"there is no option {option}");
            }
        }

        var settings = new BenchSettings(
            app ?? throw new ArgumentException("--app is missing"), floors ?? throw new ArgumentException("--floors is missing"), work, samples, rows);
        foreach (var program in (string[])[settings.App, settings.ToolServer, settings.StdioFloor, settings.KestrelFloor])
            if (!File.Exists(program))
                throw new ArgumentException($"{program} is not there; bench/run.sh publishes it");
        return settings;
    }
}

using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using PolyClaw.Bench.Figures;
using PolyClaw.Bench.Peers;

namespace PolyClaw.Bench.Rows;

/// <summary>
/// A plan of 100 steps, one after the other, with no model and no tool behind them, against a commit that is on the same disk when it
/// returns. The journal tells times in whole milliseconds, so a step's is the mean of its run: first start to last start, by their number.
/// </summary>
internal sealed class PlanSteps(BenchSettings settings) : IRow
{
    public const string RowName = "plan";

    private const int Steps = 100;
    private const int Runs = 10;
    private const int Commits = 100;

    private static readonly string Commands = string.Join(" then ", Enumerable.Repeat("check resources", Steps));

    public string Name => RowName;

    public async IAsyncEnumerable<Figure> MeasureAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var home = AppHome.Make(settings, "local");
        await using var client = await home.ConnectAsync(cancellationToken);
        List<double> steps = [], commits = [], wholes = [];
        for (var run = -1; run < Runs; run++)
        {
            var some = CommitTimes(home.Folder);
            var start = Stopwatch.GetTimestamp();
            var view = await client.RunGoalAsync(Commands, cancellationToken);
            var whole = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            // The first run warms up.
            if (run < 0)
                continue;
            var starts = view.GetProperty("plan").EnumerateArray().Select(step => step.GetProperty("started_at").GetDateTimeOffset()).Order().ToList();
            if (starts.Count < Steps)
                throw new InvalidOperationException($"the plan has {starts.Count} steps, not {Steps}");
            steps.Add((starts[^1] - starts[0]).TotalMilliseconds / (starts.Count - 1));
            commits.AddRange(some);
            wholes.Add(whole / Steps);
        }

        yield return new Figure($"a step of a {Steps}-step plan, start to start / commit", "ms", new Samples(steps), new Samples(commits), new Goal.TimesAndMore(2, 1));
        yield return new Figure($"the same with planning, asked to answered / commit", "ms", new Samples(wholes), new Samples(commits), new Goal.TimesAndMore(2, 1));
    }

    private static List<double> CommitTimes(string folder)
    {
        var file = Path.Combine(folder, "commit.db");
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE IF NOT EXISTS event (id INTEGER PRIMARY KEY, payload BLOB NOT NULL)");
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO event (payload) VALUES ($payload)";
        insert.Parameters.AddWithValue("$payload", new byte[512]);
        var times = new List<double>(Commits);
        for (var i = 0; i < Commits; i++)
        {
            var start = Stopwatch.GetTimestamp();
            insert.ExecuteNonQuery();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return times;
    }

    private static void Execute(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}

using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using PolyClaw.Bench.Figures;
using PolyClaw.Core.Tools;

namespace PolyClaw.Bench.Rows;

/// <summary>A search over 1,000 tools, in this process: what <c>find_tools</c> does beside reading and writing its messages.</summary>
internal sealed class FindTools : IRow
{
    public const string RowName = "find-tools";

    private const int Servers = 50;
    private const int ToolsEach = 20;
    private const int Searches = 2_000;

    private static readonly string[] Verbs =
        ["create", "read", "list", "delete", "update", "search", "send", "convert", "sum", "plot", "move", "copy", "merge", "validate", "export", "import", "schedule", "archive", "translate", "compare"];

    private static readonly string[] Things =
    [
        "invoice", "customer", "file", "folder", "message", "event", "issue", "branch", "image", "report", "table", "page", "order", "ticket", "account", "payment",
        "contact", "note", "channel", "repository", "deployment", "log", "metric", "alert", "user", "role", "secret", "bucket", "queue", "job", "document", "sheet",
        "slide", "video", "track", "playlist", "route", "place", "forecast", "flight", "hotel", "recipe", "product", "stock", "trade", "patient", "course", "lesson", "quiz", "badge",
    ];

    public string Name => RowName;

    public async IAsyncEnumerable<Figure> MeasureAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var index = ToolIndex.Build([.. Enumerable.Range(0, Servers).Select(Server)]);
        var times = await Task.Run(() => Times(index, cancellationToken), cancellationToken);
        yield return new Figure($"find_tools over {index.Count} tools, p95 (in process, JIT)", "ms", new Samples(times), null, new Goal.AtMost(5), 0.95);
    }

    private static List<double> Times(ToolIndex index, CancellationToken cancellationToken)
    {
        var times = new List<double>(Searches);
        for (var i = -Searches / 10; i < Searches; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var query = Query(Math.Abs(i));
            var start = Stopwatch.GetTimestamp();
            var found = index.Search(query, 8);
            var time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (found.Count == 0)
                throw new InvalidOperationException($"nothing was found for '{query}'");
            // The first tenth warms up.
            if (i >= 0)
                times.Add(time);
        }

        return times;
    }

    private static string Query(int i) => (i % 3) switch
    {
        0 => $"{Verbs[i % Verbs.Length]} {Things[i % Things.Length]}",
        1 => $"how do I {Verbs[i % Verbs.Length]} the newest {Things[i % Things.Length]} of a customer and send it by email to the team",
        _ => $"{Verbs[i % Verbs.Length]}_{Things[i / 3 % Things.Length]}",
    };

    private static ServerTools Server(int s) => new($"{Things[s]}-service", [.. Enumerable.Range(0, ToolsEach).Select(t => Tool(Verbs[t], Things[s], Things[(s + t + 1) % Things.Length]))]);

    private static ToolInfo Tool(string verb, string thing, string other) => new(
        $"{verb}_{thing}",
        $"Use this to {verb} one or several {thing}s by their id, optionally filtered by {other}. Returns the {thing} with its {other}, its owner and the time of the last change.",
        JsonElement.Parse($$"""
            {"type":"object","required":["{{thing}}_id"],"properties":{"{{thing}}_id":{"type":"string"},"{{other}}":{"type":"string"},"limit":{"type":"integer"},"cursor":{"type":"string"} } }
            """),
        ReadOnly: verb is "read" or "list" or "search");
}

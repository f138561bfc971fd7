using System.Globalization;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;

namespace PolyClaw.Mcp.Tools;

/// <summary>Where a page of runs ended. Not secret and not trusted: it only says where to go on in the caller's own runs.</summary>
internal static class RunCursor
{
    public static string Write(RunSummary last) => last.CreatedAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) + "." + last.RunId;

    public static RunSummary? Read(string? cursor) =>
        cursor?.Split('.', 2) is [var at, var run]
        && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms < 253402300800000
        && RunId.TryParse(run, out var id)
            ? new RunSummary(id, "", DateTimeOffset.FromUnixTimeMilliseconds(ms), "", null)
            : null;
}

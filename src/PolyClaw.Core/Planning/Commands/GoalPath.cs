using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Planning.Commands;

/// <summary>Names of goal files that look like paths. Nothing here opens one.</summary>
internal static class GoalPath
{
    /// <summary>Takes out <c>.</c> and <c>a/..</c>; a leading <c>..</c> stays.</summary>
    /// <param name="name">For example <c>./samples/../data.csv</c>.</param>
    public static string Normalise(string name)
    {
        var kept = new List<string>();
        foreach (var part in name.Split('/'))
        {
            if (part is "" or ".")
                continue;
            if (part is ".." && kept.Count > 0 && kept[^1] is not "..")
                kept.RemoveAt(kept.Count - 1);
            else if (part is not ".." || !name.StartsWith('/'))
                kept.Add(part);
        }

        return (name.StartsWith('/') ? "/" : "") + string.Join('/', kept);
    }

    /// <summary>The name of a file that stands relative to another, or nothing when it is absolute or climbs out of what the goal names.</summary>
    /// <param name="from">The file that refers, for example <c>samples/sales/server.json</c>.</param>
    /// <param name="relative">For example <c>../sales.csv</c>.</param>
    public static string? Resolve(string from, string relative)
    {
        if (relative.Length == 0 || relative.StartsWith('/') || relative.Contains('\\', StringComparison.Ordinal) || relative.Contains('\0', StringComparison.Ordinal))
            return null;
        var folder = from.LastIndexOf('/') is >= 0 and var slash ? from[..(slash + 1)] : "";
        var resolved = Normalise(folder + relative);
        return from.StartsWith('/')
            ? Climbs(relative) > Depth(from) ? null : resolved
            : Climbs(resolved) > Climbs(Normalise(from)) ? null : resolved;
    }

    /// <summary>The goal's own spelling of a file's name, or nothing when it did not come with the goal.</summary>
    /// <param name="files">The goal's files.</param>
    /// <param name="name">Any spelling.</param>
    public static string? Find(IGoalFiles files, string name)
    {
        var normal = Normalise(name);
        return (files.All.FirstOrDefault(f => f.Name == name) ?? files.All.FirstOrDefault(f => Normalise(f.Name) == normal))?.Name;
    }

    private static int Climbs(string name) => Normalise(name).Split('/').TakeWhile(part => part is "..").Count();

    private static int Depth(string name) => Normalise(name).Count(c => c == '/') - 1;
}

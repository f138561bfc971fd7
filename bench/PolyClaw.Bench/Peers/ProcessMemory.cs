using System.Globalization;

namespace PolyClaw.Bench.Peers;

/// <summary>What a process holds in memory, in MiB. What it shares with others counts in <see cref="Pss"/> by its share only.</summary>
internal sealed record ProcessMemory(double Rss, double Pss)
{
    private const double KiBPerMiB = 1024;

    /// <exception cref="IOException">The process has ended.</exception>
    public static ProcessMemory Of(int pid)
    {
        var fields = File.ReadLines($"/proc/{pid}/smaps_rollup")
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words is ["Rss:" or "Pss:", _, "kB"])
            .ToDictionary(words => words[0], words => double.Parse(words[1], CultureInfo.InvariantCulture) / KiBPerMiB);
        return new ProcessMemory(fields["Rss:"], fields["Pss:"]);
    }

    /// <summary>All processes that a process started, and those that they started.</summary>
    public static IReadOnlyList<int> Descendants(int pid)
    {
        var parents = new Dictionary<int, int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                continue;
            if (StatOf(id) is { } stat)
                parents[id] = stat.Parent;
        }

        return [.. parents.Keys.Where(id => id != pid && ComesFrom(id))];

        bool ComesFrom(int id)
        {
            while (parents.TryGetValue(id, out var parent) && parent != id)
            {
                if (parent == pid)
                    return true;
                id = parent;
            }

            return false;
        }
    }

    /// <summary>A process's state and parent; nothing when there is no such process.</summary>
    public static (char State, int Parent)? StatOf(int pid)
    {
        try
        {
            // PID (NAME) STATE PARENT …, where the name may hold anything.
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var words = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (words[0][0], int.Parse(words[1], CultureInfo.InvariantCulture));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

namespace PolyClaw.Core.Schemas.Values;

/// <summary>Finds the name somebody most likely meant.</summary>
internal static class ClosestName
{
    private const int MaxLength = 64;
    private const int MaxCandidates = 256;

    /// <summary>The candidate with the fewest edits to <paramref name="name"/>, when they are few for its length; else null.</summary>
    internal static string? Find(string name, IEnumerable<string> candidates)
    {
        if (name.Length is 0 or > MaxLength)
            return null;
        string? closest = null;
        var fewest = Math.Max(1, name.Length / 3) + 1;
        foreach (var candidate in candidates.Take(MaxCandidates))
        {
            if (candidate.Length > MaxLength || Math.Abs(candidate.Length - name.Length) >= fewest)
                continue;
            var edits = Edits(name, candidate);
            if (edits < fewest)
                (closest, fewest) = (candidate, edits);
        }

        return closest;
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours; case and separators cost nothing.</summary>
    private static int Edits(string a, string b)
    {
        Span<int> before = stackalloc int[MaxLength + 1];
        Span<int> last = stackalloc int[MaxLength + 1];
        Span<int> row = stackalloc int[MaxLength + 1];
        for (var j = 0; j <= b.Length; j++)
            last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = Same(a[i - 1], b[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1] + 1, last[j] + 1), last[j - 1] + cost);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
            }

            var spare = before;
            before = last;
            last = row;
            row = spare;
        }

        return last[b.Length];
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b) || (a is '-' or '_' && b is '-' or '_');
}

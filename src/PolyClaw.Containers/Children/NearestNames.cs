namespace PolyClaw.Containers.Children;

/// <summary>Says which known names come near an unknown one.</summary>
internal static class NearestNames
{
    private const int MaxNamed = 10;

    /// <summary>A sentence part such as "did you mean 'sum'?" or "there are 'a', 'b'"; nothing known is said too.</summary>
    public static string Hint(string wanted, IEnumerable<string> known, string what)
    {
        var names = known.ToList();
        if (names.Count == 0)
            return $"there is no {what}";
        var best = names.Select(name => (name, distance: Distance(wanted, name))).MinBy(pair => pair.distance);
        if (best.distance <= Math.Max(1, wanted.Length / 3))
            return $"did you mean '{best.name}'?";
        var shown = string.Join(", ", names.Order(StringComparer.Ordinal).Take(MaxNamed).Select(name => $"'{name}'"));
        return $"there is {shown}" + (names.Count > MaxNamed ? $" and {names.Count - MaxNamed} more" : "");
    }

    // Edits between two names without regard to case; a name is at most 128 characters, so this is small.
    private static int Distance(string a, string b)
    {
        a = a.Length > 128 ? a[..128] : a;
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]);
                var cost = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (same ? 0 : 1));
                diagonal = row[j];
                row[j] = cost;
            }
        }

        return row[b.Length];
    }
}

namespace PolyClaw.Core.Planning;

/// <summary>Finds the names that somebody probably meant.</summary>
internal static class Nearest
{
    private const int LongestCompared = 128;

    /// <summary>Up to three names, best first; deterministic. Empty when none is close.</summary>
    /// <param name="wanted">What was written.</param>
    /// <param name="known">What there is.</param>
    public static IReadOnlyList<string> To(string wanted, IEnumerable<string> known)
    {
        var target = Fold(wanted);
        var reach = Math.Max(2, target.Length / 3);
        return [.. known
            .Distinct(StringComparer.Ordinal)
            .Select(name => (Name: name, Distance: Score(target, Fold(name))))
            .Where(candidate => candidate.Distance <= reach)
            .OrderBy(candidate => candidate.Distance).ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Take(3)
            .Select(candidate => candidate.Name)];
    }

    /// <summary>A sentence for <see cref="Goals.Fault.Fix"/>: the nearest names, else all there are (the first twenty).</summary>
    /// <param name="wanted">What was written.</param>
    /// <param name="known">What there is.</param>
    /// <param name="what">The kind of thing, in the plural.</param>
    public static string Advice(string wanted, IReadOnlyCollection<string> known, string what)
    {
        var near = To(wanted, known);
        if (near.Count > 0)
            return "did you mean " + string.Join(" or ", near.Select(n => $"'{PlainText.Show(n)}'")) + "?";
        if (known.Count == 0)
            return $"there are no {what}";
        var first = known.Order(StringComparer.Ordinal).Take(20).Select(PlainText.Show);
        return $"{what}: {string.Join(", ", first)}{(known.Count > 20 ? $" and {known.Count - 20} more" : "")}";
    }

    private static string Fold(string name) =>
        (name.Length > LongestCompared ? name[..LongestCompared] : name).ToLowerInvariant().Replace('-', '_');

    private static int Score(string wanted, string name) =>
        name.Length > 3 && wanted.Length > 3 && (name.Contains(wanted, StringComparison.Ordinal) || wanted.Contains(name, StringComparison.Ordinal))
            ? 1
            : Distance(wanted, name);

    // Levenshtein with two rows.
    private static int Distance(string a, string b)
    {
        var previous = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            previous[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(previous[j], current[j - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[b.Length];
    }
}

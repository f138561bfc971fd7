using System.Globalization;
using System.Text;

namespace PolyClaw.Core.Planning;

/// <summary>Makes text that came from elsewhere fit to stand in a message or a prompt.</summary>
internal static class PlainText
{
    /// <summary>Cuts at <paramref name="limit"/> characters and takes out what hides or reorders text.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="limit">Most characters kept.</param>
    /// <param name="keepLines">Whether line ends and tabs stay.</param>
    public static string Clean(string text, int limit, bool keepLines = false)
    {
        var kept = new StringBuilder(Math.Min(text.Length, limit) + 1);
        foreach (var rune in text.EnumerateRunes())
        {
            if (kept.Length >= limit)
                return kept.Append('…').ToString();
            if (keepLines && rune.Value is '\n' or '\t')
                kept.Append((char)rune.Value);
            else if (!Hides(rune))
                kept.Append(rune);
            else if (rune.Value is '\n' or '\t' or '\r')
                kept.Append(' ');
        }

        return kept.ToString();
    }

    /// <summary>Shows a name so that nothing in it hides: everything beyond printable ASCII as <c>\u{…}</c>.</summary>
    /// <param name="name">The name.</param>
    public static string Show(string name)
    {
        var shown = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
        {
            if (shown.Length > 200)
                return shown.Append('…').ToString();
            if (rune.Value is >= 0x20 and < 0x7F)
                shown.Append((char)rune.Value);
            else
                shown.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X4}}}");
        }

        return shown.ToString();
    }

    // Control, format (bidi overrides, zero width, tag characters), private use, surrogate, line and paragraph separators.
    private static bool Hides(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned;
}

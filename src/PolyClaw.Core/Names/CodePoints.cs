using System.Globalization;
using System.Text;

namespace PolyClaw.Core.Names;

/// <summary>Shows text that somebody else wrote so that nothing in it can hide, turn direction or break a line.</summary>
public static class CodePoints
{
    private const int ShownAtMost = 64;

    /// <summary>The text in single quotes: printable ASCII as it is, every other code point as <c>[U+XXXX]</c>, cut after 64 code points.</summary>
    /// <param name="text">What was met.</param>
    public static string Show(string? text)
    {
        if (text is null)
            return "nothing";
        if (text.Length == 0)
            return "an empty text";
        var shown = new StringBuilder("'", text.Length + 2);
        var count = 0;
        for (var i = 0; i < text.Length; i += Width(text, i))
        {
            if (++count > ShownAtMost)
                return shown.Append(CultureInfo.InvariantCulture, $"...' ({text.Length} characters)").ToString();
            var codePoint = At(text, i);
            if (codePoint is >= ' ' and <= '~')
                shown.Append((char)codePoint);
            else
                shown.Append('[').Append(Name(codePoint)).Append(']');
        }

        return shown.Append('\'').ToString();
    }

    /// <summary>The first code point that is not allowed, with its place counted from 1, or nothing when all are.</summary>
    internal static string? FirstBad(string text, Func<char, bool> allowed)
    {
        var position = 1;
        for (var i = 0; i < text.Length; i += Width(text, i), position++)
        {
            var codePoint = At(text, i);
            if (codePoint <= '~' && allowed((char)codePoint))
                continue;
            var glyph = codePoint is > ' ' and <= '~' ? $" '{(char)codePoint}'" : "";
            return $"{Name(codePoint)}{glyph} at position {position}";
        }

        return null;
    }

    // A lone surrogate is a code point of its own: it must be named, not replaced.
    private static int At(string text, int index) => Width(text, index) == 2 ? char.ConvertToUtf32(text, index) : text[index];

    private static int Width(string text, int index) =>
        char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]) ? 2 : 1;

    private static string Name(int codePoint) => "U+" + codePoint.ToString("X4", CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text;
using PolyClaw.Containers.Children.Wire;

namespace PolyClaw.Containers.Children.Listing;

/// <summary>
/// Makes a child's text safe to show to people and models: what cannot be seen is taken out, since it is there to be read by one
/// of them and not by the other. Nothing visible is changed.
/// </summary>
internal static class PlainText
{
    /// <summary>Takes out hidden characters and terminal sequences, and cuts at a number of UTF-8 bytes.</summary>
    /// <param name="text">The child's text.</param>
    /// <param name="maxBytes">Bytes that may stay.</param>
    /// <param name="hidden">Whether something hidden was in it.</param>
    /// <param name="cut">Whether it was too long.</param>
    public static string Clean(string text, int maxBytes, out bool hidden, out bool cut)
    {
        hidden = cut = false;
        var clean = new StringBuilder(Math.Min(text.Length, maxBytes));
        var bytes = 0;
        for (var at = 0; at < text.Length;)
        {
            if (EscapeLength(text.AsSpan(at)) is var sequence and > 0)
            {
                hidden = true;
                at += sequence;
                continue;
            }

            _ = Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length);
            at += length;
            if (IsHidden(rune))
            {
                hidden = true;
                continue;
            }

            bytes += rune.Utf8SequenceLength;
            if (bytes > maxBytes)
            {
                cut = true;
                break;
            }

            clean.Append(rune.ToString());
        }

        return clean.ToString();
    }

    /// <summary>A child's text for a fault or a progress line: clean, on one line, short.</summary>
    public static string Quote(string text)
    {
        if (text.Length > ChildLimits.QuotedCharacters)
            text = text[..ChildLimits.QuotedCharacters] + "…";
        return Clean(text.ReplaceLineEndings(" ").Replace('\t', ' '), int.MaxValue, out _, out _);
    }

    /// <summary>Whether a character has no look of its own: controls but tab and line feed, formats, tags, bidi marks, variation selectors, private use.</summary>
    public static bool IsHidden(Rune rune) => rune.Value switch
    {
        '\t' or '\n' => false,
        >= 0xFE00 and <= 0xFE0F or >= 0xE0000 and <= 0xE0FFF => true,
        _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
            or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator,
    };

    // ESC [ … final byte, and ESC ] … BEL or ESC \ (titles, links). A bare ESC falls to IsHidden.
    private static int EscapeLength(ReadOnlySpan<char> text)
    {
        if (text is not ['\e', '[' or ']', ..])
            return 0;
        if (text[1] == '[')
        {
            var final = text[2..].IndexOfAnyInRange('@', '~');
            return final < 0 ? text.Length : final + 3;
        }

        var end = text[2..].IndexOfAny('\a', '\e');
        if (end < 0)
            return text.Length;
        return text[2 + end] == '\a' || 3 + end >= text.Length ? end + 3 : end + 4;
    }
}

using System.Buffers;
using System.Globalization;
using System.Text;

namespace PolyClaw.Mcp.Wire;

/// <summary>What may stand in a name, and what is shown of a text a stranger wrote.</summary>
internal static class WireText
{
    /// <summary>Whether UTF-8 text holds a character that no reader sees: control, format (bidi, tags, zero width), line separators.</summary>
    public static bool HasHidden(ReadOnlySpan<byte> utf8)
    {
        while (!utf8.IsEmpty)
        {
            if (utf8[0] is >= 0x20 and < 0x7F)
            {
                utf8 = utf8[1..];
                continue;
            }

            if (Rune.DecodeFromUtf8(utf8, out var rune, out var length) != OperationStatus.Done || IsHidden(rune))
                return true;
            utf8 = utf8[length..];
        }

        return false;
    }

    /// <summary>Whether UTF-8 text holds a control character (U+0000–U+001F, U+007F–U+009F).</summary>
    public static bool HasControl(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IndexOfAnyInRange((byte)0, (byte)0x1F) >= 0 || utf8.Contains((byte)0x7F))
            return true;
        for (var at = utf8.IndexOf((byte)0xC2); at >= 0 && at + 1 < utf8.Length;)
        {
            if (utf8[at + 1] < 0xA0)
                return true;
            var next = utf8[(at + 1)..].IndexOf((byte)0xC2);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return false;
    }

    /// <summary>A stranger's text as one may log or echo it: hidden characters as <c>\uXXXX</c>, cut at <paramref name="limit"/> characters.</summary>
    public static string Shown(ReadOnlySpan<char> text, int limit = 128)
    {
        var shown = new StringBuilder(Math.Min(text.Length, limit));
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length >= limit)
            {
                shown.Append('…');
                break;
            }

            if (IsHidden(rune))
                shown.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            else
                shown.Append(rune);
        }

        return shown.ToString();
    }

    /// <summary>As <see cref="Shown(ReadOnlySpan{char}, int)"/>, of UTF-8.</summary>
    public static string Shown(ReadOnlySpan<byte> utf8, int limit = 128) =>
        Shown(Encoding.UTF8.GetString(utf8.Length > limit * 4 ? utf8[..(limit * 4)] : utf8), limit);

    /// <summary>Whether an escaped JSON string, as it stands between its quotes, has half a surrogate pair.</summary>
    public static bool HasLoneSurrogate(ReadOnlySpan<byte> escaped)
    {
        var high = false;
        for (var i = 0; i < escaped.Length; i++)
        {
            var unit = 0;
            if (escaped[i] == '\\')
            {
                if (escaped[++i] == 'u')
                {
                    unit = (Hex(escaped[i + 1]) << 12) | (Hex(escaped[i + 2]) << 8) | (Hex(escaped[i + 3]) << 4) | Hex(escaped[i + 4]);
                    i += 4;
                }
            }

            if (high != (unit is >= 0xDC00 and <= 0xDFFF))
                return true;
            high = unit is >= 0xD800 and <= 0xDBFF;
        }

        return high;
    }

    private static bool IsHidden(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static int Hex(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}

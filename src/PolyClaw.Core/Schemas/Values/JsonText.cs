using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace PolyClaw.Core.Schemas.Values;

/// <summary>JSON values as text: is it text at all, how long is it, and how to show it in a sentence.</summary>
internal static class JsonText
{
    private const int MaxShown = 60;

    /// <summary>
    /// What keeps this JSON from being read as text, or null. The JSON reader lets unpaired surrogates and broken UTF-8 pass, and throws much
    /// later when somebody asks for the string.
    /// </summary>
    internal static string? Problem(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
            return "the JSON holds bytes that are not UTF-8";
        while (json.IndexOf((byte)'\\') is var at and >= 0)
        {
            json = json[at..];
            if (json.Length < 6 || json[1] != 'u')
            {
                json = json[Math.Min(2, json.Length)..];
                continue;
            }

            var unit = Unit(json);
            var paired = char.IsHighSurrogate(unit) && json.Length >= 12 && json[6] == '\\' && json[7] == 'u' && char.IsLowSurrogate(Unit(json[6..]));
            if (char.IsSurrogate(unit) && !paired)
                return $"the JSON holds half of a character: \\u{(int)unit:x4}, a surrogate without its partner";
            json = json[(paired ? 12 : 6)..];
        }

        return null;
    }

    /// <summary>The length of a JSON string in characters (code points), as minLength and maxLength count.</summary>
    internal static int Length(JsonElement text)
    {
        var json = JsonMarshal.GetRawUtf8Value(text)[1..^1];
        var length = 0;
        for (var i = 0; i < json.Length; length++)
        {
            if (json[i] == '\\')
                i += json[i + 1] != 'u' ? 2 : char.IsHighSurrogate(Unit(json[i..])) ? 12 : 6;
            else
                i += json[i] < 0x80 ? 1 : json[i] < 0xE0 ? 2 : json[i] < 0xF0 ? 3 : 4;
        }

        return length;
    }

    /// <summary>The name of the value's type, as the <c>type</c> keyword spells it.</summary>
    internal static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => ExactNumber.Parse(value).IsInteger ? "integer" : "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => "null",
    };

    /// <summary>The value for a sentence: short ones whole, long ones by their start, objects and arrays by their size.</summary>
    internal static string Show(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object of " + Count(value.GetPropertyCount(), "property", "properties"),
        JsonValueKind.Array => "an array of " + Count(value.GetArrayLength(), "item", "items"),
        _ => Shorten(JsonMarshal.GetRawUtf8Value(value)),
    };

    /// <summary>A value that stands in a schema, shown whole where it is short.</summary>
    internal static string ShowWhole(JsonElement value) => Shorten(JsonMarshal.GetRawUtf8Value(value));

    /// <summary>A property's name in quotes.</summary>
    internal static string Name(string name) => "\"" + Shorten(name) + "\"";

    /// <summary>Text that somebody else chose: not too long, and without characters that a reader cannot see.</summary>
    internal static string Shorten(string text)
    {
        var length = text.Length <= MaxShown ? text.Length : char.IsHighSurrogate(text[MaxShown - 1]) ? MaxShown - 1 : MaxShown;
        var shown = new StringBuilder();
        foreach (var rune in text.AsSpan(0, length).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                shown.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
            else
                shown.Append(rune);
        }

        return shown.Append(length < text.Length ? "…" : "").ToString();
    }

    internal static string Count(int number, string one, string many) =>
        number.ToString(CultureInfo.InvariantCulture) + " " + (number == 1 ? one : many);

    private static string Shorten(ReadOnlySpan<byte> json)
    {
        // Enough bytes for the characters that are shown; what is cut in the middle is past them.
        return Shorten(Encoding.UTF8.GetString(json[..Math.Min(json.Length, (MaxShown * 4) + 4)]));
    }

    private static char Unit(ReadOnlySpan<byte> escape) =>
        Utf8Parser.TryParse(escape.Slice(2, 4), out ushort unit, out var used, 'x') && used == 4 ? (char)unit : '\0';
}

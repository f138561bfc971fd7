using System.Text.Json;
using System.Text.Json.Nodes;

namespace PolyClaw.Core.Planning.Commands;

/// <summary>Words and values without quotes.</summary>
internal static class BareText
{
    /// <summary>Reads up to white space or one of <c>" = , ;</c>. Never empty: the lexer handles those first.</summary>
    /// <param name="cursor">Stands on the first character.</param>
    public static string ReadWord(TextCursor cursor) => Read(cursor, "\"=,;");

    /// <summary>Reads up to white space or one of <c>" , ;</c>; a value may hold '='.</summary>
    /// <param name="cursor">Stands on the first character.</param>
    public static string ReadValue(TextCursor cursor) => Read(cursor, "\",;");

    /// <summary>A number, true, false and null keep their type; all else is text.</summary>
    /// <param name="text">What was read.</param>
    public static JsonElement ToJson(string text)
    {
        if (text is "true" or "false" or "null" || (text[0] is '-' or (>= '0' and <= '9') && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '+' or '.')))
        {
            try
            {
                return JsonGuard.Parse(text);
            }
            catch (JsonException)
            {
                // 500m, 2026-01-31, 1.2.3: text after all
            }
        }

        return ToJsonText(text);
    }

    public static JsonElement ToJsonText(string text) => JsonGuard.Parse(JsonValue.Create(text).ToJsonString());

    private static string Read(TextCursor cursor, string ends)
    {
        var start = cursor.Offset;
        while (!cursor.AtEnd && cursor.Current != '\n' && !TextCursor.IsBlank(cursor.Current) && !ends.Contains(cursor.Current, StringComparison.Ordinal))
        {
            if (cursor.Looking("${"))
                SkipReference(cursor);
            else
                cursor.Advance();
        }

        return cursor.Since(start);
    }

    // A reference may hold quotes, blanks and commas: ${totals["North, East"]}.
    private static void SkipReference(TextCursor cursor)
    {
        var quoted = false;
        for (var i = 2; ; i++)
        {
            var c = cursor.Ahead(i);
            if (c is '\0' or '\n')
            {
                cursor.Advance(2); // no end on this line: plain text, the verifier will name it
                return;
            }

            if (c == '"')
                quoted = !quoted;
            else if (c == '}' && !quoted)
            {
                cursor.Advance(i + 1);
                return;
            }
        }
    }
}

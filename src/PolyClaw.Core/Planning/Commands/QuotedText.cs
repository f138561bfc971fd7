using System.Text;
using System.Text.Json;

namespace PolyClaw.Core.Planning.Commands;

/// <summary>Text in quotes: one line with JSON's escapes, or <c>"""</c> over many lines as it stands.</summary>
internal static class QuotedText
{
    private const string Fence = "\"\"\"";

    public static (string Text, string? Error) ReadLine(TextCursor cursor)
    {
        var start = cursor.Offset;
        cursor.Advance();
        while (!cursor.AtEnd && cursor.Current is not ('"' or '\n'))
            cursor.Advance(cursor.Current == '\\' && cursor.Ahead(1) is not ('\n' or '\0') ? 2 : 1);
        if (cursor.Current != '"')
            return ("", "the text has no closing quote on its line");
        cursor.Advance();
        try
        {
            // Tabs may stand in a command; JSON wants them escaped.
            var value = JsonGuard.Parse(cursor.Since(start).Replace("\t", "\\t", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal));
            return JsonGuard.TryGetText(value, out var text) ? (text, null) : ("", "the text holds half of a surrogate pair");
        }
        catch (JsonException)
        {
            return ("", "the text holds a control character or an escape that JSON does not know");
        }
    }

    public static (string Text, string? Error) ReadBlock(TextCursor cursor)
    {
        cursor.Advance(Fence.Length);
        var start = cursor.Offset;
        while (!cursor.AtEnd && !cursor.Looking(Fence))
            cursor.Advance();
        if (cursor.AtEnd)
            return ("", "the text has no closing \"\"\"");
        var text = cursor.Since(start);
        cursor.Advance(Fence.Length);
        return (Unindent(text.ReplaceLineEndings("\n")), null);
    }

    // The first line, if empty, and a last line of blanks belong to the fences; common indentation to the goal.
    private static string Unindent(string text)
    {
        var lines = text.Split('\n').ToList();
        if (lines.Count == 1)
            return text;
        if (string.IsNullOrWhiteSpace(lines[0]))
            lines.RemoveAt(0);
        else
            return text;
        if (string.IsNullOrWhiteSpace(lines[^1]))
            lines.RemoveAt(lines.Count - 1);
        var indent = lines.Where(l => !string.IsNullOrWhiteSpace(l)).Select(l => l.Length - l.TrimStart(' ', '\t').Length).DefaultIfEmpty(0).Min();
        var result = new StringBuilder();
        foreach (var line in lines)
            result.Append(result.Length == 0 && line == lines[0] ? "" : "\n").Append(line.Length >= indent ? line[indent..] : "");
        return result.ToString();
    }
}

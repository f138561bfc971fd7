using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PolyClaw.Core.Planning.References;

/// <summary>
/// The grammar: <c>${</c> step id, then any of <c>.name</c>, <c>[0]</c>, <c>["any name"]</c>, then <c>}</c>.
/// Each <c>$$</c> right before <c>{</c> stands for one <c>$</c>: <c>$${</c> is a plain <c>${</c>, and <c>$$${x}</c> is a dollar sign before a value.
/// </summary>
internal static class ReferenceSyntax
{
    private const int MostParts = 32;

    public static bool MayHold(string text) => text.Contains("${", StringComparison.Ordinal);

    public static bool IsNameCharacter(char c) => char.IsLetterOrDigit(c) || c is '_' or '-';

    public static ReferenceText Parse(string text)
    {
        var pieces = new List<ReferenceText.Piece>();
        var errors = new List<ReferenceText.Error>();
        var plain = new StringBuilder();
        var plainFrom = 0;
        for (var i = 0; i < text.Length;)
        {
            var dollars = text[i] == '$' ? DollarsBeforeBrace(text, i) : 0;
            if (dollars == 0)
            {
                plain.Append(text[i++]);
                continue;
            }

            plain.Append('$', dollars / 2);
            i += dollars;
            if (dollars % 2 == 0)
                continue; // the brace that follows is plain
            var start = i - 1;
            var cursor = i + 1;
            var reference = ReadInside(text, ref cursor, out var error);
            if (reference is null)
            {
                errors.Add(new(start, error));
                plain.Append('$');
                continue;
            }

            if (plain.Length > 0)
                pieces.Add(new(plain.ToString(), null, plainFrom));
            plain.Clear();
            pieces.Add(new(null, reference, start));
            i = plainFrom = cursor;
        }

        if (plain.Length > 0 || pieces.Count == 0)
            pieces.Add(new(plain.ToString(), null, plainFrom));
        return new(pieces, errors);
    }

    private static int DollarsBeforeBrace(string text, int from)
    {
        var end = from;
        while (end < text.Length && text[end] == '$')
            end++;
        return end < text.Length && text[end] == '{' ? end - from : 0;
    }

    private static Reference? ReadInside(string text, ref int cursor, out string error)
    {
        var idStart = cursor;
        while (cursor < text.Length && Drafts.StepIds.IsCharacter(text[cursor]))
            cursor++;
        var id = text[idStart..cursor];
        if (!Drafts.StepIds.IsValid(id))
        {
            error = "after '${' a step id must stand (lower-case letters, digits, '-' and '_', a letter first)";
            return null;
        }

        var parts = new List<ReferencePart>();
        while (cursor < text.Length && parts.Count <= MostParts)
        {
            switch (text[cursor])
            {
                case '}':
                    cursor++;
                    error = "";
                    return new Reference(id, parts);
                case '.' when ReadName(text, ref cursor) is { } name:
                    parts.Add(new(name, 0));
                    break;
                case '[' when ReadBracket(text, ref cursor) is { } part:
                    parts.Add(part);
                    break;
                default:
                    error = "after a step id come '.name', '[0]' or '[\"any name\"]', then '}'";
                    return null;
            }
        }

        error = parts.Count > MostParts ? $"a reference has at most {MostParts} parts" : "the closing '}' is missing";
        return null;
    }

    private static string? ReadName(string text, ref int cursor)
    {
        var start = cursor + 1;
        var end = start;
        while (end < text.Length && IsNameCharacter(text[end]))
            end++;
        if (end == start)
            return null;
        cursor = end;
        return text[start..end];
    }

    private static ReferencePart? ReadBracket(string text, ref int cursor)
    {
        var start = cursor + 1;
        if (start < text.Length && text[start] == '"')
        {
            var close = start + 1;
            while (close < text.Length && text[close] != '"')
                close += text[close] == '\\' ? 2 : 1;
            if (close + 1 >= text.Length || text[close + 1] != ']' || Unquote(text[start..(close + 1)]) is not { } name)
                return null;
            cursor = close + 2;
            return new(name, 0);
        }

        var end = text.IndexOf(']', start);
        if (end < 0 || end - start > 9 || !int.TryParse(text.AsSpan(start, end - start), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            return null;
        cursor = end + 1;
        return new(null, index);
    }

    private static string? Unquote(string quoted)
    {
        try
        {
            return JsonGuard.TryGetText(JsonGuard.Parse(quoted), out var name) ? name : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

using System.Text.Json;

namespace PolyClaw.Core.Planning.Commands;

/// <summary>A place in a goal, both counted from 1; columns are UTF-16 units.</summary>
internal readonly record struct TextPosition(int Line, int Column)
{
    public override string ToString() => $"line {Line}, column {Column}";
}

internal enum TokenKind
{
    /// <summary>Bare text up to white space, a quote, '=' ',' or ';'.</summary>
    Word,

    /// <summary>Text in quotes.</summary>
    Text,

    /// <summary>What stands after '=': a JSON value, or bare text as a JSON string.</summary>
    Value,

    Equals,
    Comma,

    /// <summary>End of line, ';' or 'then'.</summary>
    Separator,

    /// <summary>Something that cannot be read; the message says why.</summary>
    Broken,

    End,
}

/// <param name="Kind">What it is.</param>
/// <param name="Text">Its meaning; for <see cref="TokenKind.Broken"/> what is wrong.</param>
/// <param name="At">Where it begins.</param>
/// <param name="Value">For a <see cref="TokenKind.Value"/>.</param>
/// <param name="Fix">For <see cref="TokenKind.Broken"/>: what would be right.</param>
internal sealed record Token(TokenKind Kind, string Text, TextPosition At, JsonElement Value = default, string? Fix = null)
{
    /// <summary>For a separator: whether the next command waits for the one before.</summary>
    public bool Orders => Kind is TokenKind.Separator && Text is ";" or "then";

    public bool Is(string word) => Kind is TokenKind.Word && string.Equals(Text, word, StringComparison.OrdinalIgnoreCase);

    /// <summary>How it is named in "met …".</summary>
    public string Shown => Kind switch
    {
        TokenKind.Separator when Text is ";" or "then" => $"'{Text}'",
        TokenKind.Separator => "the end of the line",
        TokenKind.End => "the end of the goal",
        TokenKind.Text => '"' + PlainText.Clean(Text, 40) + '"',
        _ => $"'{PlainText.Clean(Text, 40)}'",
    };
}

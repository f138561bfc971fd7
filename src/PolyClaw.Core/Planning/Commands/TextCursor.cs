namespace PolyClaw.Core.Planning.Commands;

/// <summary>Walks through a goal's text and knows the line and column.</summary>
internal sealed class TextCursor(string text)
{
    private int _line = 1;
    private int _lineStart;

    public int Offset { get; private set; }

    public TextPosition Position => new(_line, Offset - _lineStart + 1);

    public bool AtEnd => Offset >= text.Length;

    public char Current => AtEnd ? '\0' : text[Offset];

    public ReadOnlySpan<char> Rest => text.AsSpan(Offset);

    public char Ahead(int count) => Offset + count < text.Length ? text[Offset + count] : '\0';

    public bool Looking(string at) => Rest.StartsWith(at, StringComparison.Ordinal);

    public void Advance(int count = 1)
    {
        for (; count > 0 && !AtEnd; count--)
        {
            if (text[Offset++] == '\n')
            {
                _line++;
                _lineStart = Offset;
            }
        }
    }

    public string Since(int start) => text[start..Offset];

    public void SkipBlanks()
    {
        while (!AtEnd && IsBlank(Current))
            Advance();
    }

    public void SkipLine()
    {
        while (!AtEnd && Current != '\n')
            Advance();
    }

    public static bool IsBlank(char c) => c != '\n' && (char.IsWhiteSpace(c) || c == '\uFEFF');
}

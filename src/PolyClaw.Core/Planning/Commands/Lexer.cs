using System.Text;
using System.Text.Json;

namespace PolyClaw.Core.Planning.Commands;

/// <summary>Cuts a goal into tokens. It never fails: what it cannot read becomes a <see cref="TokenKind.Broken"/> token, and it goes on.</summary>
internal sealed class Lexer
{
    private readonly TextCursor _cursor;
    private readonly List<Token> _tokens = [];

    private readonly Utf8Text _utf8;

    private Lexer(string text) => (_cursor, _utf8) = (new TextCursor(text), new Utf8Text(text));

    public static IReadOnlyList<Token> Read(string text)
    {
        var lexer = new Lexer(text);
        while (lexer.Next())
        {
        }

        return lexer._tokens;
    }

    private bool Next()
    {
        _cursor.SkipBlanks();
        var at = _cursor.Position;
        if (_cursor.AtEnd)
        {
            _tokens.Add(new Token(TokenKind.End, "", at));
            return false;
        }

        switch (_cursor.Current)
        {
            case '\n' or ';':
                _tokens.Add(new Token(TokenKind.Separator, _cursor.Current.ToString(), at));
                _cursor.Advance();
                break;
            case '#':
                _cursor.SkipLine();
                break;
            case ',':
                _tokens.Add(new Token(TokenKind.Comma, ",", at));
                _cursor.Advance();
                break;
            case '=':
                _tokens.Add(new Token(TokenKind.Equals, "=", at));
                _cursor.Advance();
                ReadValue();
                break;
            case '"':
                _tokens.Add(ReadQuoted(TokenKind.Text));
                break;
            default:
                var word = BareText.ReadWord(_cursor);
                _tokens.Add(word.Equals("then", StringComparison.OrdinalIgnoreCase) && _cursor.Current != '='
                    ? new Token(TokenKind.Separator, "then", at)
                    : new Token(TokenKind.Word, word, at));
                break;
        }

        return true;
    }

    private void ReadValue()
    {
        _cursor.SkipBlanks();
        var at = _cursor.Position;
        if (_cursor.AtEnd || _cursor.Current is '\n' or ';' or '#' or ',')
            _tokens.Add(new Token(TokenKind.Broken, "no value after '='", at, Fix: "key=value, key=\"text\" or key={…}"));
        else if (_cursor.Current == '"')
            _tokens.Add(ReadQuoted(TokenKind.Value));
        else if (_cursor.Current is '{' or '[')
            ReadJson(at);
        else
        {
            var text = BareText.ReadValue(_cursor);
            _tokens.Add(text.Length == 0
                ? SkipOdd(at)
                : new Token(TokenKind.Value, text, at, BareText.ToJson(text)));
        }
    }

    private Token SkipOdd(TextPosition at)
    {
        var odd = _cursor.Current;
        _cursor.Advance();
        return new Token(TokenKind.Broken, $"'{odd}' cannot begin a value", at, Fix: "put the value in quotes");
    }

    private Token ReadQuoted(TokenKind kind)
    {
        var at = _cursor.Position;
        var (text, error) = _cursor.Looking("\"\"\"") ? QuotedText.ReadBlock(_cursor) : QuotedText.ReadLine(_cursor);
        if (error is not null)
            return new Token(TokenKind.Broken, error, at, Fix: "\"text\", or \"\"\"text over many lines\"\"\"");
        return new Token(kind, text, at, kind is TokenKind.Value ? BareText.ToJsonText(text) : default);
    }

    private void ReadJson(TextPosition at)
    {
        var utf8 = _utf8.From(_cursor.Offset);
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = PlanLimits.Depth });
        try
        {
            reader.Read();
            reader.Skip();
            var json = utf8[..(int)reader.BytesConsumed];
            var value = JsonGuard.Parse(json);
            var length = Encoding.UTF8.GetCharCount(json);
            var text = _cursor.Rest[..length].ToString();
            _cursor.Advance(length);
            _tokens.Add(JsonGuard.Check(value, PlanLimits.Depth, "") is { } fault
                ? new Token(TokenKind.Broken, fault.Message, at, Fix: fault.Fix)
                : new Token(TokenKind.Value, text, at, value));
        }
        catch (JsonException e)
        {
            var column = e.LineNumber is > 0 ? (int)(e.BytePositionInLine ?? 0) + 1 : at.Column + (int)(e.BytePositionInLine ?? 0);
            _tokens.Add(new Token(
                TokenKind.Broken, "not valid JSON: " + JsonGuard.Reason(e), new TextPosition(at.Line + (int)(e.LineNumber ?? 0), column), Fix: "a JSON value"));
            _cursor.SkipLine();
        }
    }
}

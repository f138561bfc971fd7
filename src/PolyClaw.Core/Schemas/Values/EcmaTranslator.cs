using System.Globalization;
using System.Text;

namespace PolyClaw.Core.Schemas.Values;

/// <summary>
/// Rewrites an ECMA-262 pattern for .NET: ASCII <c>\d</c> and <c>\w</c>, ECMA white space, <c>$</c> only at the very end, <c>.</c> and negated
/// sets taking a whole character beyond the basic plane. One difference stays: <c>\b</c> counts letters beyond ASCII as word characters.
/// </summary>
/// <param name="source">The pattern.</param>
internal sealed class EcmaTranslator(string source)
{
    /// <summary>Most states a pattern may unfold to: <c>(a{1000}){1000}</c> is nine characters and a million states.</summary>
    private const long MaxStates = 10_000;

    private readonly StringBuilder _out = new();
    private readonly Stack<long> _outer = new();
    private int _at;
    private long _states;
    private long _last;
    private bool _named;
    private bool _numbered;

    /// <summary>Whether the pattern holds lookaround or back references.</summary>
    internal bool NeedsBacktracking { get; private set; }

    /// <summary>Why the pattern cannot be used; null when it can.</summary>
    internal string? Problem { get; private set; }

    /// <summary>About how many states the pattern unfolds to.</summary>
    internal int States => (int)Math.Min(_states, int.MaxValue);

    /// <summary>The pattern for .NET, or null.</summary>
    internal string? Translate()
    {
        while (_at < source.Length && Problem is null)
            Term();
        if (_named && _numbered)
            Refuse("back references by number beside named groups are not supported; name the reference too");
        return Problem is null ? _out.ToString() : null;
    }

    private void Term()
    {
        var c = source[_at];
        switch (c)
        {
            case '\\':
                Escape();
                break;
            case '[':
                Set(new EcmaSet(source, _at + 1));
                break;
            case '(':
                Open();
                break;
            case ')':
                Close();
                break;
            case '{':
                Bounds();
                break;
            case '.':
                Emit(EcmaSet.AllBut(@"\n\r\u2028\u2029"));
                break;
            case '$':
                _out.Append("\\z");
                _at++;
                break;
            case '^' or '|' or '*' or '+' or '?':
                _out.Append(c);
                _at++;
                break;
            default:
                var length = char.IsHighSurrogate(c) && _at + 1 < source.Length && char.IsLowSurrogate(source[_at + 1]) ? 2 : 1;
                Emit(length == 2 ? $"(?:{source.AsSpan(_at, 2)})" : c.ToString(), length);
                break;
        }
    }

    private void Set(EcmaSet set)
    {
        var text = set.Translate();
        if (text is null)
        {
            Refuse(set.Problem ?? "a character set is not closed: ']' is missing");
            return;
        }

        _at = set.End;
        Emit(text, 0);
    }

    private void Escape()
    {
        var escape = EcmaEscape.Read(source, _at);
        if (escape.Problem is not null)
        {
            Refuse(escape.Problem);
            return;
        }

        NeedsBacktracking |= escape.IsBackReference;
        _numbered |= escape.IsNumbered;
        Emit(escape.Outside, escape.Length);
    }

    private void Open()
    {
        var rest = source.AsSpan(_at);
        var named = rest.StartsWith("(?<") && !rest.StartsWith("(?<=") && !rest.StartsWith("(?<!");
        var around = rest.StartsWith("(?=") || rest.StartsWith("(?!") || rest.StartsWith("(?<=") || rest.StartsWith("(?<!");
        var length = named ? 3 : rest.StartsWith("(?<") ? 4 : around || rest.StartsWith("(?:") ? 3 : 1;
        if (length == 1 && rest.StartsWith("(?"))
        {
            Refuse($"the group '{rest[..Math.Min(3, rest.Length)]}' at position {_at} is not part of ECMA-262");
            return;
        }

        NeedsBacktracking |= around;
        _named |= named;
        _out.Append(rest[..length]);
        _at += length;
        if (named)
        {
            // The name up to its bracket is copied as it is; .NET refuses what is none.
            var end = source.IndexOf('>', _at);
            if (end < 0 || !source.AsSpan(_at, end - _at).ToString().All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            {
                Refuse("a group's name is not closed, or holds more than ASCII letters, digits and '_'");
                return;
            }

            _out.Append(source, _at, end + 1 - _at);
            _at = end + 1;
        }

        _outer.Push(_states);
        _states = 0;
        _last = 0;
    }

    private void Close()
    {
        if (!_outer.TryPop(out var before))
        {
            Refuse($"the ')' at position {_at} closes nothing");
            return;
        }

        _last = _states;
        _states += before;
        _out.Append(')');
        _at++;
    }

    /// <summary><c>{n}</c>, <c>{n,}</c>, <c>{n,m}</c>; a brace that is none of them stands for itself.</summary>
    private void Bounds()
    {
        var end = source.IndexOf('}', _at);
        var text = end < 0 ? "" : source[(_at + 1)..end];
        var parts = text.Split(',');
        if (parts.Length > 2 || parts[0].Length == 0 || !parts.All(part => part.All(char.IsAsciiDigit)))
        {
            Emit("\\{");
            return;
        }

        var most = 0;
        foreach (var part in parts.Where(part => part.Length > 0))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var bound) || bound > MaxStates)
            {
                Refuse($"'{{{text}}}' repeats more than {MaxStates} times");
                return;
            }

            most = Math.Max(most, bound);
        }

        _out.Append(source, _at, end + 1 - _at);
        _at = end + 1;
        _states += _last * Math.Max(0, most - 1);
        _last *= Math.Max(1, most);
        if (_states > MaxStates)
            Refuse($"it unfolds to more than {MaxStates} states; repeat less");
    }

    private void Emit(string text, int length = 1)
    {
        _out.Append(text);
        _at += length;
        _states++;
        _last = 1;
    }

    private void Refuse(string problem) => Problem ??= problem;
}

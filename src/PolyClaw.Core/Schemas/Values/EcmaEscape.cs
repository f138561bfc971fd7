using System.Globalization;

namespace PolyClaw.Core.Schemas.Values;

/// <summary>One escape of an ECMA-262 pattern and what it is in .NET.</summary>
internal readonly record struct EcmaEscape
{
    private const string Space = @"\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";

    private const string NotSpace =
        @"\x00-\x08\x0e-\x1f!-\x9f\xa1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e\u2060-\u2fff\u3001-\ufefe\uff00-\uffff";

    private const string NotDigit = @"\x00-/:-\uffff";
    private const string NotWord = @"\x00-/:-@\[-\^`{-\uffff";

    /// <summary>How many characters of the pattern it takes.</summary>
    internal int Length { get; private init; }

    /// <summary>What stands for it outside of a set.</summary>
    internal string Outside { get; private init; }

    /// <summary>What stands for it inside of a set.</summary>
    internal string Inside { get; private init; }

    /// <summary>Whether it stands for several characters, so that no range may start or end with it.</summary>
    internal bool IsClass { get; private init; }

    /// <summary>The character it stands for when that lies beyond the basic plane, else null.</summary>
    internal string? Astral { get; private init; }

    internal bool IsBackReference { get; private init; }

    internal bool IsNumbered { get; private init; }

    /// <summary>Why it cannot be used; null when it can.</summary>
    internal string? Problem { get; private init; }

    /// <summary>Reads the escape whose backslash stands at <paramref name="at"/>.</summary>
    internal static EcmaEscape Read(string source, int at)
    {
        if (at + 1 >= source.Length)
            return Bad("it ends in a lone backslash");
        var c = source[at + 1];
        return c switch
        {
            'd' => Class("0-9", NotDigit, negated: false),
            'D' => Class("0-9", NotDigit, negated: true),
            'w' => Class("A-Za-z0-9_", NotWord, negated: false),
            'W' => Class("A-Za-z0-9_", NotWord, negated: true),
            's' => Class(Space, NotSpace, negated: false),
            'S' => Class(Space, NotSpace, negated: true),
            'b' => Plain("\\b", 2),
            'B' => Plain("\\B", 2),
            't' or 'n' or 'v' or 'f' or 'r' => Plain("\\" + c, 2),
            '0' when at + 2 >= source.Length || !char.IsAsciiDigit(source[at + 2]) => Plain("\\x00", 2),
            'c' when at + 2 < source.Length && char.IsAsciiLetter(source[at + 2]) => Unit((char)(source[at + 2] % 32), 3),
            'x' when Hex(source, at + 2, 2) is { } unit => Unit((char)unit, 4),
            'u' => Unicode(source, at),
            'p' or 'P' => Property(source, at, c),
            >= '1' and <= '9' => Numbered(source, at),
            'k' => Named(source, at),
            _ when char.IsAsciiLetterOrDigit(c) => Bad($"the escape '\\{c}' is not part of ECMA-262"),
            '_' => Plain("_", 2),
            < '\x7f' => Plain("\\" + c, 2),
            _ => Plain(c.ToString(), 2),
        };
    }

    private static EcmaEscape Class(string members, string others, bool negated) => new()
    {
        Length = 2,
        IsClass = true,
        Inside = negated ? others : members,
        Outside = negated ? EcmaSet.AllBut(members) : $"[{members}]",
    };

    private static EcmaEscape Plain(string text, int length) => new() { Length = length, Outside = text, Inside = text };

    private static EcmaEscape Unit(char unit, int length) => Plain($"\\u{(int)unit:x4}", length);

    private static EcmaEscape Bad(string problem) => new() { Problem = problem, Outside = "", Inside = "" };

    private static EcmaEscape Unicode(string source, int at)
    {
        if (at + 2 < source.Length && source[at + 2] == '{')
        {
            var end = source.IndexOf('}', at);
            return end > at + 3 && end - at <= 9 && Hex(source, at + 3, end - at - 3) is { } code && (code < 0xd800 || code is > 0xdfff and <= 0x10ffff)
                ? code <= 0xffff ? Unit((char)code, end + 1 - at) : Beyond(char.ConvertFromUtf32(code), end + 1 - at)
                : Bad("'\\u{…}' needs the number of a character, in hexadecimal");
        }

        if (Hex(source, at + 2, 4) is not { } unit)
            return Bad("'\\u' needs four hexadecimal digits");
        return char.IsHighSurrogate((char)unit) && at + 7 < source.Length && source[at + 6] == '\\' && source[at + 7] == 'u'
            && Hex(source, at + 8, 4) is { } low && char.IsLowSurrogate((char)low)
            ? Beyond(new string([(char)unit, (char)low]), 12)
            : Unit((char)unit, 6);
    }

    private static EcmaEscape Beyond(string pair, int length) => new() { Length = length, Outside = $"(?:{pair})", Inside = "", Astral = pair };

    private static EcmaEscape Property(string source, int at, char kind)
    {
        var end = source.IndexOf('}', at);
        if (end < at + 4 || source[at + 2] != '{')
            return Bad($"'\\{kind}' needs a property name in braces, as \\{kind}{{L}}");
        var name = source[(at + 3)..end];
        if (UnicodeCategories.Find(name) is not { } categories)
            return Bad($"the Unicode property '{name}' is not supported; general categories such as L, Lu or Nd are");
        var members = string.Concat(categories.Select(category => $"\\p{{{category}}}"));
        if (kind == 'p')
            return new EcmaEscape { Length = end + 1 - at, IsClass = true, Inside = members, Outside = $"[{members}]" };
        return categories.Length > 1
            ? Bad($"the negated property '{name}' is not supported")
            : new EcmaEscape
            {
                Length = end + 1 - at,
                IsClass = true,
                Inside = $"\\P{{{categories[0]}}}",
                Outside = EcmaSet.AllBut(members),
            };
    }

    private static EcmaEscape Numbered(string source, int at)
    {
        var end = at + 1;
        while (end < source.Length && char.IsAsciiDigit(source[end]))
            end++;
        return new EcmaEscape
        {
            Length = end - at,
            Outside = $"(?:{source.AsSpan(at, end - at)})",
            Inside = "",
            IsClass = true,
            IsBackReference = true,
            IsNumbered = true,
        };
    }

    private static EcmaEscape Named(string source, int at)
    {
        var end = source.IndexOf('>', at);
        return end > at + 3 && source[at + 2] == '<'
            ? new EcmaEscape { Length = end + 1 - at, Outside = source[at..(end + 1)], Inside = "", IsClass = true, IsBackReference = true }
            : Bad("'\\k' needs a group's name, as \\k<name>");
    }

    private static int? Hex(string source, int at, int length) =>
        at + length <= source.Length && int.TryParse(source.AsSpan(at, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            ? code
            : null;
}

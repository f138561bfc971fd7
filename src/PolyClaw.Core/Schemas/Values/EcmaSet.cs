using System.Text;

namespace PolyClaw.Core.Schemas.Values;

/// <summary>
/// A character set of an ECMA-262 pattern. .NET's sets know UTF-16 units only, so characters beyond the basic plane become alternatives,
/// and a negated set takes such a character whole.
/// </summary>
/// <param name="source">The pattern.</param>
/// <param name="start">The position after <c>[</c>.</param>
internal sealed class EcmaSet(string source, int start)
{
    private readonly StringBuilder _members = new();
    private readonly List<string> _astral = [];

    /// <summary>The position after the closing bracket.</summary>
    internal int End { get; private set; } = start;

    internal string? Problem { get; private set; }

    /// <summary>
    /// One character that is not among <paramref name="members"/>: a unit that does not begin a surrogate pair, with the one before it if that
    /// does. In well-formed text that is a whole character, and takes fewer states than to spell out the pairs.
    /// </summary>
    internal static string AllBut(string members) => $"(?:[\ud800-\udbff]?[^{members}\ud800-\udbff])";

    /// <summary>The translated pattern with every <see cref="AllBut"/> taking one UTF-16 unit.</summary>
    internal static string InUnits(string pattern) => pattern
        .Replace("[\ud800-\udbff]?", "", StringComparison.Ordinal)
        .Replace("\ud800-\udbff]", "]", StringComparison.Ordinal);

    /// <summary>The set for .NET, or null.</summary>
    internal string? Translate()
    {
        var negated = End < source.Length && source[End] == '^';
        if (negated)
            End++;
        var (first, afterClass) = (true, false);
        while (End < source.Length && source[End] != ']' && Problem is null)
        {
            afterClass = Member(first, afterClass);
            first = false;
        }

        if (Problem is not null || End >= source.Length)
            return null;
        End++;
        return negated ? Negated() : Positive();
    }

    private string? Negated()
    {
        if (_astral.Count > 0)
        {
            Problem = "a negated set with characters beyond U+FFFF is not supported";
            return null;
        }

        return AllBut(_members.ToString());
    }

    private string Positive()
    {
        // [] matches nothing; an empty set is not to be had in .NET.
        var set = _members.Length > 0 ? $"[{_members}]" : "[^\\x00-\\uffff]";
        return _astral.Count == 0 ? set : $"(?:{set}|{string.Join('|', _astral)})";
    }

    /// <summary>Reads one member; true when it was a class, after which <c>-</c> stands for itself.</summary>
    private bool Member(bool first, bool afterClass)
    {
        var c = source[End];
        if (c == '\\')
        {
            var escape = EcmaEscape.Read(source, End);
            Problem = escape.Problem ?? (escape.IsBackReference || escape.Inside == "\\B" ? "a set cannot hold a back reference or \\B" : null);
            if (Problem is null)
                Add(escape.Astral, escape.Inside, escape.Length);
            return escape.IsClass;
        }

        if (c == '-')
        {
            var rest = source.AsSpan(End + 1);
            var literal = first || afterClass || rest.StartsWith("]") || (rest.StartsWith("\\") && EcmaEscape.Read(source, End + 1).IsClass);
            _members.Append(literal ? "\\-" : "-");
            End++;
            return false;
        }

        var astral = char.IsHighSurrogate(c) && End + 1 < source.Length && char.IsLowSurrogate(source[End + 1]) ? source.Substring(End, 2) : null;
        Add(astral, c is '[' or '^' ? "\\" + c : c.ToString(), astral is null ? 1 : 2);
        return false;
    }

    private void Add(string? astral, string member, int length)
    {
        if (astral is null)
            _members.Append(member);
        else if ((_members.Length > 0 && _members[^1] == '-' && (_members.Length < 2 || _members[^2] != '\\'))
            || (End + length + 1 < source.Length && source[End + length] == '-' && source[End + length + 1] != ']'))
            Problem = "a range of characters beyond U+FFFF is not supported";
        else
            _astral.Add(astral);
        End += length;
    }
}

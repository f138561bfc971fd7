using System.Text;

namespace PolyClaw.ToolServer.Definitions;

/// <summary>The grammars of names. Nothing is normalised: a name is right or refused.</summary>
internal static class Names
{
    /// <summary>A server's or a tool's name: <c>^[A-Za-z0-9_.-]{1,128}$</c>.</summary>
    public static string Read(Field field)
    {
        var name = field.Text(0, 4096);
        foreach (var rune in name.EnumerateRunes())
        {
            if (!IsNameLetter(rune))
            {
                throw field.Wrong($"holds {Field.CodePoint(rune)}; a name must match ^[A-Za-z0-9_.-]{{1,128}}$");
            }
        }

        return name.Length is >= 1 and <= 128
            ? name
            : throw field.Wrong($"is {name.Length} characters long; a name must match ^[A-Za-z0-9_.-]{{1,128}}$");
    }

    /// <summary>A file's name: a key to look up, never a path that is walked, so any visible text will do.</summary>
    public static string ReadFile(Field field)
    {
        var name = field.Text(1, 255);
        foreach (var rune in name.EnumerateRunes())
        {
            if (Field.IsHidden(rune))
            {
                throw field.Wrong($"holds {Field.CodePoint(rune)}; a file's name is 1 to 255 bytes of visible characters");
            }
        }

        return name;
    }

    /// <summary>Whether this may name an attachment, which others will store under it: one plain file name.</summary>
    public static bool IsPlainFileName(string name) =>
        name.Length is >= 1 and <= 128 && name[0] != '.' && name.EnumerateRunes().All(IsNameLetter);

    private static bool IsNameLetter(Rune rune) =>
        rune.IsAscii && (char.IsAsciiLetterOrDigit((char)rune.Value) || (char)rune.Value is '_' or '.' or '-');
}

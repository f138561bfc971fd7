namespace PolyClaw.Core.Goals;

/// <summary>A plain file name for something a child attached. What the child calls it is data: no folder, no hidden file, no control character.</summary>
internal static class ArtifactName
{
    private const int Longest = 100;

    /// <summary>The last part of the URI if it is a plain name, else <c>file-N</c>.</summary>
    public static string From(string? uri, int number)
    {
        var last = uri?[(uri.LastIndexOf('/') + 1)..];
        return last is not null && IsPlain(last) ? last : $"file-{number}";
    }

    /// <summary>Letters, digits, <c>. _ -</c> and blanks, not starting with a dot.</summary>
    public static bool IsPlain(string name) =>
        name.Length is > 0 and <= Longest
        && name[0] is not ('.' or ' ') && name[^1] is not ('.' or ' ')
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or ' ');
}

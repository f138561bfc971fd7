namespace PolyClaw.ToolServer.Scripting;

/// <summary>The grammar of a media type: <c>type/subtype</c>, and a charset if one is named.</summary>
internal static class MimeType
{
    private const string Charset = ";charset=utf-8";

    public static bool IsValid(string mime)
    {
        var bare = mime.Replace(" ", "", StringComparison.Ordinal);
        bare = bare.EndsWith(Charset, StringComparison.OrdinalIgnoreCase) ? bare[..^Charset.Length] : mime;
        var slash = bare.IndexOf('/', StringComparison.Ordinal);
        return bare.Length <= 127 && slash > 0 && IsToken(bare.AsSpan(0, slash)) && IsToken(bare.AsSpan(slash + 1));
    }

    private static bool IsToken(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !"!#$&-^_.+".Contains(c, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return !text.IsEmpty;
    }
}

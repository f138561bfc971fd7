namespace PolyClaw.Core.Schemas.Values;

/// <summary>JSON pointers (RFC 6901).</summary>
internal static class JsonPointer
{
    internal static string Escape(string token) =>
        token.AsSpan().ContainsAny('~', '/')
            ? token.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)
            : token;

    internal static string Unescape(string token) =>
        token.Contains('~', StringComparison.Ordinal)
            ? token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)
            : token;

    internal static string Append(string pointer, string token) => pointer + "/" + Escape(token);

    internal static string Append(string pointer, string keyword, string token) => pointer + "/" + Escape(keyword) + "/" + Escape(token);
}

using System.Globalization;

namespace PolyClaw.Core.Planning;

/// <summary>Writes JSON pointers (RFC 6901).</summary>
internal static class JsonPointer
{
    public static string Write(IEnumerable<string> segments) => string.Concat(segments.Select(s => "/" + Escape(s)));

    public static string Append(string pointer, string name) => pointer + "/" + Escape(name);

    public static string Append(string pointer, int index) => pointer + "/" + index.ToString(CultureInfo.InvariantCulture);

    private static string Escape(string segment) =>
        segment.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}

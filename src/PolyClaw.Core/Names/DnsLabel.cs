using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Names;

/// <summary>The grammar that servers and tenants share: <c>^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$</c>. Nothing is normalised.</summary>
internal static class DnsLabel
{
    public const int LongestLength = 63;

    public static Fault? Check(string? text, string path, string what)
    {
        var problem = Problem(text);
        return problem is null
            ? null
            : new Fault(
                "invalid_name",
                $"{CodePoints.Show(text)} is no {what}: {problem}",
                path,
                $"1 to {LongestLength} of a-z, 0-9 and '-', with a letter or digit at both ends, for example sales-2");
    }

    private static string? Problem(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "it is empty";
        if (CodePoints.FirstBad(text, static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') is { } bad)
            return bad + " is not allowed";
        if (text.Length > LongestLength)
            return $"it has {text.Length} characters";
        if (text[0] == '-')
            return "U+002D '-' at position 1 is not allowed";
        return text[^1] == '-' ? $"U+002D '-' at position {text.Length} is not allowed" : null;
    }
}

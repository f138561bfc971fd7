using PolyClaw.Core.Goals;
using PolyClaw.Core.Names;

namespace PolyClaw.Core.Policy;

/// <summary>Patterns that an image's registry and repository are matched against, whole and case-sensitive.</summary>
internal sealed class ImageAllowList
{
    private const string Everything = "*";
    private readonly IReadOnlyList<string> _patterns;

    private ImageAllowList(IReadOnlyList<string> patterns) => _patterns = patterns;

    /// <summary>For messages.</summary>
    public string Shown => _patterns.Count == 0 ? "no image" : string.Join(", ", _patterns);

    public static ImageAllowList Read(IReadOnlyList<string>? patterns, string path, List<Fault> faults)
    {
        foreach (var pattern in patterns ?? [])
        {
            if (string.IsNullOrEmpty(pattern) || CodePoints.FirstBad(pattern, static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-' or '/' or ':' or '*') is not null)
                faults.Add(new Fault("invalid_option", $"{CodePoints.Show(pattern)} is no image pattern", path, "registry and repository without tag or digest, * for any characters, for example docker.io/mcp/*"));
        }

        return new ImageAllowList([.. (patterns ?? [Everything]).Select(p => p is Everything or null ? Everything : ImageReference.Complete(p))]);
    }

    /// <summary>Whether a pattern covers the image. A registry on this machine or at an address literal has to be spelled out.</summary>
    public bool Allows(ImageReference image) => _patterns.Any(pattern =>
        Matches(pattern, image.Name)
        && (!image.IsLocalRegistry || pattern.StartsWith(image.Registry + "/", StringComparison.Ordinal)));

    // Greedy wildcard matching with one point to come back to: linear in practice, quadratic at worst, on at most 255 characters.
    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        int p = 0, t = 0, star = -1, resume = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = t;
            }
            else if (p < pattern.Length && pattern[p] == text[t])
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimStart('*').IsEmpty;
    }
}

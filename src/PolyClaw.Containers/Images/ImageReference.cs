using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace PolyClaw.Containers.Images;

/// <summary>An image reference in the distribution grammar: <c>[host[:port]/]path[:tag][@sha256:hex]</c>.</summary>
/// <param name="Repository">Host and path.</param>
/// <param name="Tag">The tag, if one was written.</param>
/// <param name="Digest"><c>sha256:</c> and 64 hex digits, if written.</param>
internal sealed partial record ImageReference(string Repository, string? Tag, string? Digest)
{
    // One host label, one path component and one tag as the distribution project defines them; sha256 alone, as everywhere in this house.
    private const string Host = "(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::[0-9]{1,5})?|\\[[0-9a-fA-F:]{2,39}\\](?::[0-9]{1,5})?";
    private const string Part = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";

    /// <summary>Longest repository, in characters: the distribution's own bound.</summary>
    private const int MaxRepository = 255;

    /// <summary>The whole reference as the engine takes it.</summary>
    public string Value => Repository + (Tag is null ? "" : ":" + Tag) + (Digest is null ? "" : "@" + Digest);

    /// <summary>The registry's host as the engine would read it.</summary>
    public string Registry => HasHost(Repository, out var slash) ? Repository[..slash] : "docker.io";

    /// <summary>What a pull asks for: the digest, else the tag, else <c>latest</c>.</summary>
    public string Version => Digest ?? Tag ?? "latest";

    /// <summary>Reads a reference; nothing is trimmed, lowered or guessed.</summary>
    /// <param name="text">As written.</param>
    /// <param name="reference">The reference, when it is one.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out ImageReference? reference)
    {
        reference = null;
        // The bound comes first: the pattern is linear, its input need not be large all the same.
        if (text.Length is 0 or > MaxRepository + 1 + 128 + 1 + 71 || Grammar().Match(text) is not { Success: true } match)
            return false;
        var repository = match.Groups["repo"].Value;
        // 64 hex digits alone would be read as an image's id, and "scratch" is no image.
        if (repository.Length > MaxRepository || repository == "scratch" || BareId().IsMatch(repository))
            return false;
        // A first part without dot, port or the name localhost is no host, and only a host may be written in capitals.
        if (!HasHost(repository, out _) && repository.AsSpan().IndexOfAnyInRange('A', 'Z') >= 0)
            return false;
        reference = new(repository, Value(match.Groups["tag"]), Value(match.Groups["digest"]));
        return true;

        static string? Value(Group group) => group.Success ? group.Value : null;
    }

    private static bool HasHost(string repository, out int slash)
    {
        slash = repository.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && (repository.AsSpan(0, slash).IndexOfAny('.', ':', '[') >= 0 || repository.AsSpan(0, slash).SequenceEqual("localhost"));
    }

    [GeneratedRegex("^(?<repo>(?:(?:" + Host + ")/)?" + Part + "(?:/" + Part + ")*)(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?<digest>sha256:[a-f0-9]{64}))?\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Grammar();

    [GeneratedRegex("^[a-f0-9]{64}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex BareId();
}

using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Names;

/// <summary>
/// An image reference by the distribution grammar, completed as an engine would complete it (<c>alpine</c> is <c>docker.io/library/alpine</c>),
/// so that policy and engine speak of the same image.
/// </summary>
/// <param name="Registry">Host and port, for example <c>docker.io</c>.</param>
/// <param name="Repository">Path on the registry, for example <c>library/alpine</c>.</param>
/// <param name="Tag">The tag, if one was written.</param>
/// <param name="Digest">The digest with its algorithm, <c>sha256:</c> and 64 hex digits, if one was written.</param>
public sealed partial record ImageReference(string Registry, string Repository, string? Tag, string? Digest)
{
    /// <summary>The registry that a reference without one means.</summary>
    public const string DefaultRegistry = "docker.io";

    private const int LongestLength = 255;
    private const string Example = "for example docker.io/mcp/fetch:1.2 or ghcr.io/acme/tool@sha256: and 64 hex digits, lower case, no scheme, no spaces";

    /// <summary>Registry and repository: what an allow-list is matched against.</summary>
    public string Name => $"{Registry}/{Repository}";

    /// <summary>Whether the registry is this machine or an address literal; such a registry has to be allowed by name.</summary>
    public bool IsLocalRegistry
    {
        get
        {
            var host = Host(Registry);
            return host == "localhost" || host.EndsWith(".localhost", StringComparison.Ordinal)
                || Uri.CheckHostName(host) is UriHostNameType.IPv4 or UriHostNameType.IPv6;
        }
    }

    /// <summary>Reads a reference.</summary>
    /// <param name="text">The reference as written.</param>
    /// <param name="path">Where it stands, a JSON pointer.</param>
    /// <param name="reference">The reference, when it is one.</param>
    /// <param name="fault">What is wrong, when it is not.</param>
    public static bool TryParse(string? text, string path, [NotNullWhen(true)] out ImageReference? reference, [NotNullWhen(false)] out Fault? fault)
    {
        reference = null;
        fault = null;
        var problem = Problem(text, ref reference);
        if (problem is not null)
            fault = new Fault("invalid_image", $"{CodePoints.Show(text)} is no image reference: {problem}", path, Example);
        return problem is null;
    }

    /// <summary>The whole reference, complete and canonical. Hand this form to an engine: it cannot be taken for an image id.</summary>
    public override string ToString() =>
        Name + (Tag is null ? "" : ":" + Tag) + (Digest is null ? "" : "@" + Digest);

    /// <summary>Completes a name or a pattern the way a reference is completed.</summary>
    internal static string Complete(string name)
    {
        var (registry, repository) = Split(name);
        return $"{registry}/{repository}";
    }

    private static string? Problem(string? text, ref ImageReference? reference)
    {
        if (string.IsNullOrEmpty(text))
            return "it is empty";
        if (CodePoints.FirstBad(text, static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '/' or ':' or '@') is { } bad)
            return bad + " is not allowed";
        if (text.Contains("://", StringComparison.Ordinal))
            return "a reference has no scheme";
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var digest = at < 0 ? null : text[(at + 1)..];
        if (digest is not null && !DigestGrammar().IsMatch(digest))
            return "the digest must be sha256: and exactly 64 lower-case hex digits";
        var name = at < 0 ? text : text[..at];
        var colon = name.LastIndexOf(':');
        string? tag = null;
        if (colon > name.LastIndexOf('/'))
        {
            tag = name[(colon + 1)..];
            name = name[..colon];
            if (!TagGrammar().IsMatch(tag))
                return $"the tag {CodePoints.Show(tag)} must be 1 to 128 letters, digits, '_', '.' and '-', and begin with none of the last two";
        }

        if (name.Length > LongestLength)
            return $"its name has {name.Length} characters, and {LongestLength} is the most";
        var (registry, repository) = Split(name);
        if (!RegistryGrammar().IsMatch(registry))
            return $"the registry {CodePoints.Show(registry)} is no host name";
        if (!RepositoryGrammar().IsMatch(repository))
            return $"the repository {CodePoints.Show(repository)} must be lower-case words parted by '/', '.', '_', '__' or '-'";
        if (name is "scratch" or "sha256" || BareIdGrammar().IsMatch(name))
            return "an engine would not take it for a name";
        reference = new ImageReference(registry, repository, tag, digest);
        return null;
    }

    private static (string Registry, string Repository) Split(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : name[..slash];
        if (!first.Contains('.', StringComparison.Ordinal) && !first.Contains(':', StringComparison.Ordinal) && first != "localhost")
            return (DefaultRegistry, slash < 0 ? "library/" + name : name);
        var registry = first is "index.docker.io" ? DefaultRegistry : first;
        var rest = name[(slash + 1)..];
        return (registry, registry == DefaultRegistry && !rest.Contains('/', StringComparison.Ordinal) ? "library/" + rest : rest);
    }

    private static string Host(string registry)
    {
        var colon = registry.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? registry : registry[..colon];
    }

    [GeneratedRegex(@"\Asha256:[a-f0-9]{64}\z")]
    private static partial Regex DigestGrammar();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\z")]
    private static partial Regex TagGrammar();

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*(:[0-9]{1,5})?\z")]
    private static partial Regex RegistryGrammar();

    [GeneratedRegex(@"\A[a-z0-9]+((\.|__?|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|__?|-+)[a-z0-9]+)*)*\z")]
    private static partial Regex RepositoryGrammar();

    [GeneratedRegex(@"\A[a-f0-9]{64}\z")]
    private static partial Regex BareIdGrammar();
}

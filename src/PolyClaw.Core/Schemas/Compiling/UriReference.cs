using System.Buffers;

namespace PolyClaw.Core.Schemas.Compiling;

/// <summary>
/// Reference resolution of RFC 3986 §5.2 on plain text. A schema's URIs are names only; <see cref="Uri"/> would normalise them, and takes
/// <c>/path</c> for a file.
/// </summary>
internal static class UriReference
{
    private static readonly SearchValues<char> SchemeCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-.");

    /// <summary>Resolves a reference against a base and splits it at the fragment.</summary>
    /// <param name="baseUri">An absolute URI without fragment, or empty.</param>
    /// <param name="reference">Any URI reference.</param>
    /// <returns>The URI, and the fragment without <c>#</c>, percent-decoded.</returns>
    internal static (string Uri, string Fragment) Resolve(string baseUri, string reference)
    {
        var hash = reference.IndexOf('#', StringComparison.Ordinal);
        var fragment = hash < 0 ? "" : Uri.UnescapeDataString(reference[(hash + 1)..]);
        return (Join(baseUri, hash < 0 ? reference : reference[..hash]), fragment);
    }

    private static string Join(string baseUri, string reference)
    {
        if (reference.Length == 0)
            return baseUri;
        var (scheme, authority, path, query) = Split(reference);
        if (scheme.Length > 0)
            return scheme + authority + (authority.Length > 0 ? WithoutDots(path) : path) + query;

        var of = Split(baseUri);
        if (authority.Length > 0)
            return of.Scheme + authority + WithoutDots(path) + query;
        if (path.Length == 0)
            return of.Scheme + of.Authority + of.Path + (query.Length > 0 ? query : of.Query);
        if (path[0] != '/')
        {
            var folder = of.Path.LastIndexOf('/');
            path = folder >= 0 ? of.Path[..(folder + 1)] + path : of.Authority.Length > 0 ? "/" + path : path;
        }

        return of.Scheme + of.Authority + WithoutDots(path) + query;
    }

    private static (string Scheme, string Authority, string Path, string Query) Split(string uri)
    {
        var colon = uri.IndexOf(':', StringComparison.Ordinal);
        var hasScheme = colon > 0 && char.IsAsciiLetter(uri[0])
            && !uri.AsSpan(0, colon).ContainsAnyExcept(SchemeCharacters);
        var scheme = hasScheme ? uri[..(colon + 1)] : "";
        var rest = uri[scheme.Length..];
        var question = rest.IndexOf('?', StringComparison.Ordinal);
        var query = question < 0 ? "" : rest[question..];
        rest = rest[..(rest.Length - query.Length)];
        if (!rest.StartsWith("//", StringComparison.Ordinal))
            return (scheme, "", rest, query);
        var slash = rest.IndexOf('/', 2);
        return slash < 0 ? (scheme, rest, "", query) : (scheme, rest[..slash], rest[slash..], query);
    }

    private static string WithoutDots(string path)
    {
        if (!path.Contains("./", StringComparison.Ordinal) && !path.EndsWith('.'))
            return path;
        var segments = path.Split('/');
        var kept = new List<string>();
        for (var i = 0; i < segments.Length; i++)
        {
            var last = i == segments.Length - 1;
            if (segments[i] is "." or "..")
            {
                if (segments[i] == ".." && kept.Count > 1)
                    kept.RemoveAt(kept.Count - 1);
                if (last)
                    kept.Add("");
            }
            else
            {
                kept.Add(segments[i]);
            }
        }

        return string.Join('/', kept);
    }
}

using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Names;

/// <summary>
/// The address of a server that runs elsewhere: absolute http or https, ASCII, no user, no fragment. Only its text is judged here;
/// which addresses may be reached is decided when a connection is made, on the address it resolved to.
/// </summary>
public static class RemoteUrl
{
    private const int LongestLength = 2048;
    private const string Example = "an absolute address such as https://mcp.example.com/mcp";

    /// <summary>Judges an address.</summary>
    /// <param name="text">The address.</param>
    /// <param name="path">Where it stands, a JSON pointer.</param>
    /// <param name="plainHttpAnywhere">Whether http may go further than loopback.</param>
    /// <returns>What is wrong, or nothing.</returns>
    public static Fault? Check(string? text, string path, bool plainHttpAnywhere)
    {
        // What stands before an '@' may be a password, and faults are journaled.
        var shown = text is not null && text.Contains('@', StringComparison.Ordinal) ? "what is given" : CodePoints.Show(text);
        if (string.IsNullOrEmpty(text))
            return Wrong("it is empty");
        if (text.Length > LongestLength)
            return Wrong($"it has {text.Length} characters", $"at most {LongestLength} characters");
        if (CodePoints.FirstBad(text, static c => c is > ' ' and not ('\\' or '<' or '>' or '"')) is { } bad)
            return Wrong(bad + " is not allowed", "percent-encode it, or write the host in its xn-- form");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0)
            return Wrong("it is not an absolute address");
        if (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)
            return Wrong($"its scheme is {CodePoints.Show(url.Scheme)}");
        if (url.UserInfo.Length > 0 || text.Contains('@', StringComparison.Ordinal))
            return Wrong("it holds a user or an '@'", "leave credentials out of the address; name a secret instead");
        if (text.Contains('#', StringComparison.Ordinal))
            return Wrong("it has a fragment", "leave out '#' and what follows");
        return url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback && !plainHttpAnywhere
            ? Wrong("http goes unencrypted to another machine", "use https, or let the operator set Policy:Remote:AllowPlainHttp")
            : null;

        Fault Wrong(string problem, string fix = Example) =>
            new("invalid_url", $"{shown} is no address of a remote server: {problem}", path, fix);
    }
}

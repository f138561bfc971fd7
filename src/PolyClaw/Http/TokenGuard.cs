using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;

namespace PolyClaw.Http;

/// <summary>Lets a request in only with a bearer token in its <c>Authorization</c> header; a token anywhere else is not looked at.</summary>
internal sealed class TokenGuard(RequestDelegate next, McpHttpOptions options)
{
    private const string Scheme = "Bearer ";
    private const int LongestToken = 4096;

    private readonly McpHttpToken[] _tokens = [.. options.Tokens];
    private readonly bool _allowAnonymous = options.AllowAnonymous;

    public Task InvokeAsync(HttpContext context)
    {
        var authorization = context.Request.Headers.Authorization;
        if (authorization.Count == 0)
        {
            if (!_allowAnonymous)
                return ChallengeAsync(context, "Bearer", "No access token.");
            context.User = PrincipalOf("anonymous");
            return next(context);
        }

        if (authorization is not [{ Length: > 7 and < LongestToken } header] || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            || Find(header[Scheme.Length..].Trim()) is not { } token)
            return ChallengeAsync(context, "Bearer error=\"invalid_token\"", "Not a valid access token.");

        context.User = PrincipalOf(token.Principal);
        return next(context);
    }

    private static ClaimsPrincipal PrincipalOf(string name) =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, name), new Claim(ClaimTypes.Name, name)], "Bearer"));

    private static Task ChallengeAsync(HttpContext context, string challenge, string message)
    {
        context.Response.Headers.WWWAuthenticate = challenge;
        return HttpRefusal.WriteAsync(
            context, StatusCodes.Status401Unauthorized, message, "Send the header Authorization: Bearer TOKEN, with the token of this instance.");
    }

    private McpHttpToken? Find(string presented)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(presented), digest);
        McpHttpToken? found = null;
        foreach (var token in _tokens) // All of them, so that the time says nothing about which one came near.
        {
            if (token.Matches(digest))
                found = token;
        }

        return found;
    }
}

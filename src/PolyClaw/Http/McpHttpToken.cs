using System.Security.Cryptography;
using System.Text;

namespace PolyClaw.Http;

/// <summary>A bearer token and whom it speaks for. Only the token's digest is kept.</summary>
internal sealed class McpHttpToken
{
    private readonly byte[] _digest;

    /// <param name="token">The token, at least 16 characters of <c>A–Z a–z 0–9 - . _ ~ + / =</c>.</param>
    /// <param name="principal">Whom it speaks for.</param>
    /// <exception cref="ArgumentException">The token is too short or holds another character.</exception>
    public McpHttpToken(string token, string principal)
    {
        if (token.Length < 16 || token.AsSpan().ContainsAnyExcept(AccessTokenFile.TokenCharacters))
            throw new ArgumentException("An access token has at least 16 characters, of A–Z a–z 0–9 - . _ ~ + / = alone.", nameof(token));
        _digest = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        Principal = principal;
    }

    /// <summary>Whom the token speaks for.</summary>
    public string Principal { get; }

    /// <summary>Whether this is the token with that digest; takes the same time for every wrong one.</summary>
    public bool Matches(ReadOnlySpan<byte> digest) => CryptographicOperations.FixedTimeEquals(_digest, digest);
}

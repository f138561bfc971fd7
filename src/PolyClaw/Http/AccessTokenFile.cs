using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace PolyClaw.Http;

/// <summary>The generated access token of an instance: 256 random bits in a file that only its user may read.</summary>
internal static class AccessTokenFile
{
    private const int TokenBits = 256;
    private const int LongestFile = 1024;

    /// <summary>What a bearer token may be made of (RFC 6750).</summary>
    public static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    /// <summary>Reads the token, or makes one if there is no file. Two that start at once get the same token.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <exception cref="AccessTokenException">The file cannot be trusted or used; the message says what to do.</exception>
    public static string ReadOrCreate(string path)
    {
        try
        {
            if (!File.Exists(path))
                Create(path);
            return Read(path);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new AccessTokenException($"The access token file {path} cannot be read or written: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new AccessTokenException($"The access token file {path} cannot be read or written: {e.Message}", e);
        }
    }

    private static void Create(string path) =>
        PrivateFile.CreateOnce(path, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBits / 8)));

    private static string Read(string path)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is not null)
            throw new AccessTokenException($"The access token file {path} is a link. Remove it and start again.");
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~PrivateFile.OwnerOnly) != 0)
            throw new AccessTokenException(
                $"The access token file {path} may be read by other users, so its token may be known. Remove it and start again for a new one, or run: chmod 600 {path}");
        if (file.Length > LongestFile)
            throw new AccessTokenException($"The access token file {path} is longer than {LongestFile} bytes. Remove it and start again.");

        var token = File.ReadAllText(path).Trim();
        if (token.Length < TokenBits / 6 || token.AsSpan().ContainsAnyExcept(TokenCharacters))
            throw new AccessTokenException($"The access token file {path} holds no token of {TokenBits} bits. Remove it and start again.");
        return token;
    }
}

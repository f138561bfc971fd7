using System.Security.Cryptography;
using System.Text;

namespace PolyClaw.Conformance;

/// <summary>Makes states that a client can carry and not forge.</summary>
internal sealed class StateSeal
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    public string Make()
    {
        var nonce = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        return $"{nonce}.{Sign(nonce)}";
    }

    public bool IsOurs(string state) =>
        state.Split('.') is [var nonce, var signature]
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), Encoding.UTF8.GetBytes(Sign(nonce)));

    private string Sign(string nonce) => Convert.ToHexString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(nonce)));
}

using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PolyClaw.Core.Goals;

namespace PolyClaw.Mcp;

/// <summary>
/// Seals what a question leaves in the client's hands, so that its answer counts only for whom, for which tool and for what it was asked.
/// The key is this instance's alone and dies with it: a state of an earlier instance is refused, and the client is asked again.
/// </summary>
internal sealed class RequestSeal(TimeProvider clock) : IDisposable
{
    /// <summary>How long a person may think: an hour.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(1);

    /// <summary>Longest state that is looked at; ours are far shorter.</summary>
    private const int Longest = 512;

    private const int KeyBytes = 32;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(KeyBytes);

    /// <summary>The state that says: this caller was asked this, by this tool, now.</summary>
    public string Close(Principal principal, string tool, RunId run, string inputId)
    {
        var ends = (clock.GetUtcNow() + Life).ToUnixTimeSeconds();
        var told = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{ends} {run.Value} {inputId}"));
        return Base64Url.EncodeToString([.. Sign(principal, tool, told), .. told]);
    }

    /// <summary>Reads a state back.</summary>
    /// <returns>What was asked, or why it does not count.</returns>
    public (RunId Run, string InputId, Fault? Fault) Open(Principal principal, string tool, string state)
    {
        if (state.Length > Longest || !Base64Url.IsValid(state))
            return Refused();
        var bytes = Base64Url.DecodeFromChars(state);
        // One way to write it alone: whitespace and loose last bits would be other texts for the same bytes.
        if (bytes.Length <= HMACSHA256.HashSizeInBytes || Base64Url.EncodeToString(bytes) != state)
            return Refused();
        var told = bytes.AsSpan(HMACSHA256.HashSizeInBytes);
        if (!CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, HMACSHA256.HashSizeInBytes), Sign(principal, tool, told)))
            return Refused();
        // Sealed by us, so it has the form that we gave it.
        var parts = Encoding.UTF8.GetString(told).Split(' ', 3);
        if (long.Parse(parts[0], CultureInfo.InvariantCulture) <= clock.GetUtcNow().ToUnixTimeSeconds())
            return (default, "", new Fault("request_state_expired", $"the question was asked more than {Life.TotalMinutes:0} minutes ago", "/requestState", "call get_run: it asks again"));
        return RunId.TryParse(parts[1], out var run) ? (run, parts[2], null) : Refused();
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_key);

    private static (RunId, string, Fault?) Refused() => (default, "", new Fault(
        "bad_request_state", "requestState is not one that this server gave to this caller for this tool; one from before the server's last start does not count either", "/requestState",
        "pass requestState back unchanged with the same tool, or call get_run: it asks again"));

    private byte[] Sign(Principal principal, string tool, ReadOnlySpan<byte> told)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        foreach (var text in (ReadOnlySpan<string>)[principal.Tenant, principal.Name, principal.Kind.ToString(), tool])
            Append(hash, Encoding.UTF8.GetBytes(text));
        Append(hash, told);
        return hash.GetHashAndReset();
    }

    /// <summary>With its length before it: no two lists of parts run together to the same bytes.</summary>
    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}

using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace PolyClaw.Core.Journal;

/// <summary>The tenant's own chain: it names the heads of that tenant's streams, so that a whole stream cannot vanish unseen.</summary>
internal static class Anchors
{
    private static readonly FrozenSet<string> AnchoredKinds = FrozenSet.Create(
        StringComparer.Ordinal, "run_created", "run_ended", "plan_approved", "server_kept", "server_gone");

    public static byte[] Genesis(string tenant) => HashChain.Genesis("tenant/" + tenant);

    public static byte[] Next(ReadOnlySpan<byte> previous, long sequence, long atUnixMs, string stream, long streamSequence, ReadOnlySpan<byte> head)
    {
        var streamDigest = SHA256.HashData(Encoding.UTF8.GetBytes(stream));
        Span<byte> covered = [.. streamDigest, .. head];
        return HashChain.Next(previous, sequence, atUnixMs, streamSequence, "anchor", SHA256.HashData(covered));
    }

    /// <summary>Which events are anchored: those that begin or end something others count on, and the first of every stream.</summary>
    public static bool Wanted(string kind, long sequence) => sequence == 1 || AnchoredKinds.Contains(kind);
}

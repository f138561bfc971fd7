using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PolyClaw.Core.Journal;

/// <summary>
/// Ties each event to all before it in its stream:
/// <c>hash = SHA-256(previous ‖ sequence ‖ time ‖ epoch ‖ length of kind ‖ kind ‖ SHA-256(payload))</c>.
/// It covers the payload's digest, not the payload, so that payloads can be cleared one day and the chain still verifies.
/// </summary>
internal static class HashChain
{
    public const int Size = SHA256.HashSizeInBytes;

    /// <summary>What the first event of a stream follows; differs by stream, so that events cannot be moved between streams.</summary>
    public static byte[] Genesis(string stream) => SHA256.HashData(Encoding.UTF8.GetBytes("polyclaw journal 1\n" + stream));

    public static byte[] Next(ReadOnlySpan<byte> previous, long sequence, long atUnixMs, long epoch, string kind, ReadOnlySpan<byte> payloadDigest)
    {
        const int fixedPart = Size + (4 * sizeof(long)) + Size;
        // The kind is read from a file that somebody may have changed, so it may have any length.
        var kindLength = Encoding.UTF8.GetByteCount(kind);
        var buffer = kindLength <= 128 ? stackalloc byte[fixedPart + kindLength] : new byte[fixedPart + kindLength];
        previous.CopyTo(buffer);
        var at = Size;
        foreach (var number in (ReadOnlySpan<long>)[sequence, atUnixMs, epoch, kindLength])
        {
            BinaryPrimitives.WriteInt64LittleEndian(buffer[at..], number);
            at += sizeof(long);
        }

        Encoding.UTF8.GetBytes(kind, buffer[at..]);
        payloadDigest.CopyTo(buffer[(at + kindLength)..]);
        return SHA256.HashData(buffer);
    }
}

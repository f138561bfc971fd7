using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace PolyClaw.Mcp.Wire;

/// <summary>
/// Judges one JSON-RPC message before any other parser sees it, so that two parsers never read two meanings: valid UTF-8, no duplicate or
/// look-alike members, no half surrogates, bounded depth and member count, a sound id and method. HTTP and stdio share it.
/// One pass, no tree, no allocation for a good message but its string id.
/// </summary>
internal static class StrictJsonRpc
{
    /// <summary>How deep a message may be nested, its own object included. 32.</summary>
    public const int MaxDepth = 32;

    /// <summary>Longest string id and progress token, in UTF-16 characters. 128.</summary>
    public const int MaxIdLength = 128;

    /// <summary>Longest method, and tool or prompt name, in bytes of UTF-8. 256.</summary>
    public const int MaxNameLength = 256;

    /// <summary>Largest integer id, either sign: 2^53 − 1, what every JSON reader keeps exactly.</summary>
    public const long MaxSafeInteger = 9_007_199_254_740_991;

    private static readonly RpcFault NotUtf8 =
        new(RpcCodes.ParseError, "The message is not valid UTF-8.", null, "Encode the message as UTF-8.");

    /// <summary>Judges a message.</summary>
    /// <param name="message">One JSON text in UTF-8 without byte order mark.</param>
    public static RpcVerdict Check(ReadOnlySpan<byte> message)
    {
        if (!Utf8.IsValid(message))
            return new RpcVerdict(RpcKind.Unknown, default, NotUtf8, null, default);

        var pass = new StrictPass(message);
        try
        {
            return pass.Run();
        }
        catch (JsonException)
        {
            // The reader's own message quotes the text; ours says where.
            return new RpcVerdict(RpcKind.Unknown, default, pass.SyntaxFault(), null, default);
        }
        finally
        {
            pass.Dispose();
        }
    }

    /// <summary>Judges a message that lies in several pieces.</summary>
    /// <param name="message">One JSON text in UTF-8 without byte order mark.</param>
    public static RpcVerdict Check(in ReadOnlySequence<byte> message)
    {
        if (message.IsSingleSegment)
            return Check(message.FirstSpan);

        var length = checked((int)message.Length);
        var whole = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            message.CopyTo(whole);
            return Check(whole.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(whole);
        }
    }
}

using System.Text;

namespace PolyClaw.Mcp.Wire;

/// <summary>Which names mean something in which object.</summary>
internal static class WireMembers
{
    /// <summary>Longest name that is compared without regard to case, in bytes; a longer one is refused there.</summary>
    public const int MaxFolded = 256;

    public static WireMember Find(WireScope scope, ReadOnlySpan<byte> name) => scope switch
    {
        WireScope.Envelope => OfEnvelope(name),
        WireScope.Params => OfParams(name),
        WireScope.Meta when name.SequenceEqual("progressToken"u8) => WireMember.ProgressToken,
        WireScope.Meta when name.SequenceEqual("io.modelcontextprotocol/protocolVersion"u8) => WireMember.ProtocolVersion,
        _ => WireMember.Other,
    };

    /// <summary>The exact spelling of the member that a folded name would be, if there is one.</summary>
    public static string? Spelling(WireScope scope, ReadOnlySpan<byte> folded) => scope switch
    {
        WireScope.Envelope when OfEnvelope(folded) != WireMember.Other => Encoding.UTF8.GetString(folded),
        WireScope.Params when folded.SequenceEqual("requestid"u8) => "requestId",
        WireScope.Params when OfParams(folded) != WireMember.Other => Encoding.UTF8.GetString(folded),
        _ => null,
    };

    /// <summary>Folds a name the way careless parsers compare: ASCII case, and the two letters that lower-case into ASCII.</summary>
    /// <returns>How many bytes were written.</returns>
    public static int Fold(ReadOnlySpan<byte> name, Span<byte> folded)
    {
        var length = 0;
        for (var i = 0; i < name.Length; i++)
        {
            var next = i + 1 < name.Length ? name[i + 1] : (byte)0;
            if (name[i] == 0xC5 && next == 0xBF)
            {
                folded[length++] = (byte)'s'; // U+017F, long s
                i++;
            }
            else if (name[i] == 0xE2 && next == 0x84 && i + 2 < name.Length && name[i + 2] == 0xAA)
            {
                folded[length++] = (byte)'k'; // U+212A, Kelvin sign
                i += 2;
            }
            else
            {
                folded[length++] = name[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(name[i] | 0x20) : name[i];
            }
        }

        return length;
    }

    private static WireMember OfEnvelope(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when name.SequenceEqual("id"u8) => WireMember.Id,
        5 when name.SequenceEqual("error"u8) => WireMember.Error,
        6 when name.SequenceEqual("method"u8) => WireMember.Method,
        6 when name.SequenceEqual("params"u8) => WireMember.Params,
        6 when name.SequenceEqual("result"u8) => WireMember.Result,
        7 when name.SequenceEqual("jsonrpc"u8) => WireMember.JsonRpc,
        _ => WireMember.Other,
    };

    private static WireMember OfParams(ReadOnlySpan<byte> name) => name.Length switch
    {
        3 when name.SequenceEqual("uri"u8) => WireMember.Uri,
        4 when name.SequenceEqual("name"u8) => WireMember.Name,
        5 when name.SequenceEqual("_meta"u8) => WireMember.Meta,
        9 when name.SequenceEqual("arguments"u8) => WireMember.Arguments,
        9 when name.SequenceEqual("requestId"u8) => WireMember.RequestId,
        _ => WireMember.Other,
    };
}

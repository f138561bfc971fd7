using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PolyClaw.Mcp.Wire;

/// <summary>Writes JSON-RPC errors: one line of UTF-8 without line breaks, so that it serves HTTP and stdio alike.</summary>
internal static class RpcErrors
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.Default };

    /// <summary>An error that answers a message: carries its id, or <c>null</c> where the message had none that could be read.</summary>
    public static byte[] Answer(RpcId id, RpcFault fault) => Write(id, withId: true, fault, null);

    /// <summary>As <see cref="Answer(RpcId, RpcFault)"/>, with the data that clients pick another protocol version by.</summary>
    public static byte[] UnsupportedVersion(RpcId id, RpcFault fault, string requested) => Write(id, withId: true, fault, requested);

    /// <summary>An error about a call that was refused before its body was looked at: it has no id.</summary>
    public static byte[] Refusal(RpcFault fault) => Write(default, withId: false, fault, null);

    private static byte[] Write(RpcId id, bool withId, RpcFault fault, string? requestedVersion)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("jsonrpc"u8, "2.0"u8);
            if (withId)
            {
                writer.WritePropertyName("id"u8);
                id.WriteTo(writer);
            }

            writer.WriteStartObject("error"u8);
            writer.WriteNumber("code"u8, fault.Code);
            writer.WriteString("message"u8, fault.Message);
            WriteData(writer, fault, requestedVersion);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteData(Utf8JsonWriter writer, RpcFault fault, string? requestedVersion)
    {
        if (fault.Path is null && fault.Fix is null && requestedVersion is null)
            return;

        writer.WriteStartObject("data"u8);
        if (fault.Path is not null)
            writer.WriteString("path"u8, fault.Path);
        if (fault.Fix is not null)
            writer.WriteString("fix"u8, fault.Fix);
        if (requestedVersion is not null)
        {
            writer.WriteStartArray("supported"u8);
            writer.WriteStringValue(ProtocolVersions.Current);
            writer.WriteEndArray();
            writer.WriteString("requested"u8, requestedVersion);
        }

        writer.WriteEndObject();
    }
}

using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace PolyClaw.Containers.Children.Wire;

/// <summary>Takes out of a result what is too large to pass on; everything else stays as the child wrote it.</summary>
internal static class ResultCaps
{
    private const int Base64Characters = (ChildLimits.BlobBytes + 2) / 3 * 4;

    /// <summary>The result with every blob over the limit replaced by a text that says so.</summary>
    public static JsonElement Apply(JsonElement result)
    {
        if (!result.TryGetProperty("content"u8, out var content) || content.ValueKind != JsonValueKind.Array)
            return result;
        foreach (var item in content.EnumerateArray())
        {
            if (BlobLength(item) > Base64Characters)
                return Rewrite(result);
        }

        return result;
    }

    private static JsonElement Rewrite(JsonElement result)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var property in result.EnumerateObject())
            {
                writer.WritePropertyName(property.Name);
                if (property.NameEquals("content"u8) && property.Value.ValueKind == JsonValueKind.Array)
                    WriteContent(property.Value, writer);
                else
                    property.Value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    private static void WriteContent(JsonElement content, Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (var item in content.EnumerateArray())
        {
            if (BlobLength(item) is var length && length <= Base64Characters)
            {
                item.WriteTo(writer);
                continue;
            }

            writer.WriteStartObject();
            writer.WriteString("type"u8, "text"u8);
            writer.WriteString("text"u8, string.Create(
                CultureInfo.InvariantCulture,
                $"[left out: a file of about {length / 4 * 3:N0} bytes, over the limit of {ChildLimits.BlobBytes:N0}]"));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    // Of an image or sound in "data", or of an embedded file in "resource/blob". Base64 needs no escape, so raw length is length.
    private static int BlobLength(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object)
            return 0;
        if (item.TryGetProperty("data"u8, out var data) && data.ValueKind == JsonValueKind.String)
            return Length(data);
        return item.TryGetProperty("resource"u8, out var resource) && resource.ValueKind == JsonValueKind.Object
            && resource.TryGetProperty("blob"u8, out var blob) && blob.ValueKind == JsonValueKind.String
            ? Length(blob)
            : 0;
    }

    private static int Length(JsonElement text) => System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(text).Length - 2;
}

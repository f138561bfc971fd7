using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using PolyClaw.Containers.Children.Wire;
using PolyClaw.Core.Schemas;

namespace PolyClaw.Containers.Children.Listing;

/// <summary>Checks a schema that a child gave, and takes out of its texts what cannot be seen.</summary>
internal static class SchemaText
{
    private static readonly FrozenSet<string> Prose = FrozenSet.Create("description", "title", "$comment");

    /// <summary>Why a schema cannot be used, as the end of a sentence; nothing when it can.</summary>
    public static string? Problem(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
            return "is no object";
        if (Encoding.UTF8.GetByteCount(schema.GetRawText()) > ChildLimits.SchemaBytes)
            return $"is larger than {ChildLimits.SchemaBytes} bytes";
        return HiddenAt(schema, "") is { } place ? $"holds a hidden character at {place}" : null;
    }

    /// <summary>The schema with its prose cleaned; the same one when there was nothing to clean.</summary>
    public static JsonElement Clean(JsonElement schema, out bool hidden)
    {
        hidden = HasHiddenProse(schema);
        if (!hidden)
            return schema.Clone();
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            Write(schema, writer, prose: false);
        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>Makes a schema ready to judge by. One that names draft 7, as many servers' do, is read by the rules of 2020-12, which differ little.</summary>
    /// <returns>What is wrong with it; nothing when it can be used.</returns>
    public static SchemaFault? Compile(JsonElement schema, out JsonSchema? compiled)
    {
        if (JsonSchema.TryCompile(schema, SchemaOptions.Untrusted, out compiled, out var faults))
            return null;
        if (faults[0].Code == "schema_dialect" && schema.TryGetProperty("$schema"u8, out var dialect)
            && dialect.ValueKind == JsonValueKind.String && dialect.GetString()!.Contains("/draft-07/", StringComparison.Ordinal)
            && JsonSchema.TryCompile(WithoutDialect(schema), SchemaOptions.Untrusted, out compiled, out faults))
        {
            return null;
        }

        return faults[0];
    }

    private static JsonElement WithoutDialect(JsonElement schema)
    {
        var copy = System.Text.Json.Nodes.JsonObject.Create(schema)!;
        copy.Remove("$schema");
        return JsonSerializer.SerializeToElement(copy, ChildJson.Default.JsonObject);
    }

    // Where a hidden character stands outside prose: a name or a constant, which cannot be cleaned without meaning something else.
    private static string? HiddenAt(JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject()
            .Select(p => Hidden(p.Name) ? $"{path}/{PlainText.Quote(p.Name)}"
                : IsProse(p) ? null
                : HiddenAt(p.Value, $"{path}/{p.Name}"))
            .FirstOrDefault(place => place is not null),
        JsonValueKind.Array => value.EnumerateArray().Select((item, i) => HiddenAt(item, $"{path}/{i}")).FirstOrDefault(place => place is not null),
        JsonValueKind.String => Hidden(value.GetString()!) ? path : null,
        _ => null,
    };

    private static bool HasHiddenProse(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Any(p => IsProse(p) ? Hidden(p.Value.GetString()!) : HasHiddenProse(p.Value)),
        JsonValueKind.Array => value.EnumerateArray().Any(HasHiddenProse),
        _ => false,
    };

    private static void Write(JsonElement value, Utf8JsonWriter writer, bool prose)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    writer.WritePropertyName(property.Name);
                    Write(property.Value, writer, IsProse(property));
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    Write(item, writer, prose: false);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String when prose:
                writer.WriteStringValue(PlainText.Clean(value.GetString()!, int.MaxValue, out _, out _));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static bool IsProse(JsonProperty property) =>
        property.Value.ValueKind == JsonValueKind.String && Prose.Contains(property.Name);

    private static bool Hidden(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (PlainText.IsHidden(rune))
                return true;
        }

        return false;
    }
}

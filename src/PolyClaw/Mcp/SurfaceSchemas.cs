using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace PolyClaw.Mcp;

/// <summary>Output schemas, generated from the very types that are written.</summary>
internal static class SurfaceSchemas
{
    private static readonly JsonSchemaExporterOptions Options = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Written };

    public static JsonElement Of(JsonTypeInfo type) => JsonElement.Parse(type.GetJsonSchemaAsNode(Options).ToJsonString());

    /// <summary>A null is left out when it is written: what may be null is absent instead, and never required.</summary>
    private static JsonNode Written(JsonSchemaExporterContext context, JsonNode schema)
    {
        // "Anything" as an object: some clients refuse a tool whose schema has a bare `true` in it.
        if (schema is not JsonObject at)
            return schema.GetValueKind() == JsonValueKind.True ? new JsonObject() : schema;
        if (at["properties"] is JsonObject properties && at["required"] is JsonArray required)
        {
            foreach (var name in context.TypeInfo.Properties.Where(p => p.IsGetNullable && p.PropertyType is var t && MayBeNull(t)).Select(p => p.Name))
                if (properties.ContainsKey(name) && required.FirstOrDefault(r => r!.GetValue<string>() == name) is { } needed)
                    required.Remove(needed);
            if (required.Count == 0)
                at.Remove("required");
        }

        if (at["type"] is JsonArray types && types.Count == 2 && types.FirstOrDefault(t => t!.GetValue<string>() != "null") is { } only)
            at["type"] = only.DeepClone();
        return at;
    }

    private static bool MayBeNull(Type type) => !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;
}

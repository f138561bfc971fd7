using System.Text.Json;
using System.Text.Json.Nodes;
using PolyClaw.Core.Planning.References;

namespace PolyClaw.Core.Planning.Verification;

/// <summary>
/// Loosens a schema just where a value holds a reference and so is not known yet. What is left is certain: a fault found by it would be
/// one with any data.
/// </summary>
internal static class SchemaRelief
{
    // Keywords that can be judged for an object or list although something inside it is open.
    private static readonly HashSet<string> Certain =
    [
        "type", "required", "minProperties", "maxProperties", "minItems", "maxItems", "propertyNames", "dependentRequired",
        "properties", "additionalProperties", "items", "prefixItems", "$schema", "$id", "$defs", "definitions", "title", "description",
    ];

    public static JsonElement For(JsonElement schema, JsonElement value) =>
        JsonNodes.ToElement(Loosen(schema, value)!);

    private static JsonNode? Loosen(JsonElement schema, JsonElement value)
    {
        if (schema.ValueKind is not JsonValueKind.Object || !HoldsReferences(value))
            return JsonNodes.From(schema);
        if (value.ValueKind is JsonValueKind.String)
            return LoosenText(schema, value.GetString()!);

        var loose = new JsonObject();
        foreach (var keyword in schema.EnumerateObject().Where(k => Certain.Contains(k.Name)))
            loose[keyword.Name] = JsonNodes.From(keyword.Value);
        if (value.ValueKind is JsonValueKind.Object)
            LoosenMembers(schema, value, loose);
        else
            LoosenItems(schema, value, loose);
        return loose;
    }

    // A string with a reference inside is a string for sure; one that is a reference may become anything.
    private static JsonObject LoosenText(JsonElement schema, string text)
    {
        var loose = new JsonObject();
        if (ReferenceSyntax.Parse(text).Alone is null && schema.TryGetProperty("type", out var type))
            loose["type"] = JsonNodes.From(type);
        return loose;
    }

    private static void LoosenMembers(JsonElement schema, JsonElement value, JsonObject loose)
    {
        var hasPatterns = schema.TryGetProperty("patternProperties", out _);
        var known = schema.TryGetProperty("properties", out var properties) && properties.ValueKind is JsonValueKind.Object;
        var others = schema.TryGetProperty("additionalProperties", out var additional) ? additional : default;
        if (hasPatterns)
            loose.Remove("additionalProperties"); // the patterns were dropped, so nobody can say what is additional
        if (loose["properties"] is not JsonObject members)
            loose["properties"] = members = [];
        foreach (var member in value.EnumerateObject().Where(m => HoldsReferences(m.Value)))
        {
            if (known && properties.TryGetProperty(member.Name, out var memberSchema))
                members[member.Name] = Loosen(memberSchema, member.Value);
            else if (others.ValueKind is JsonValueKind.Object)
                members[member.Name] = Loosen(others, member.Value);
        }
    }

    private static void LoosenItems(JsonElement schema, JsonElement value, JsonObject loose)
    {
        if (schema.TryGetProperty("prefixItems", out _) || !schema.TryGetProperty("items", out var items))
        {
            loose.Remove("prefixItems");
            loose.Remove("items");
            return;
        }

        var each = new JsonArray();
        foreach (var item in value.EnumerateArray())
            each.Add(Loosen(items, item));
        loose["prefixItems"] = each;
    }

    private static bool HoldsReferences(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => ReferenceSyntax.MayHold(value.GetString()!) && ReferenceSyntax.Parse(value.GetString()!).HoldsReferences,
        JsonValueKind.Object => value.EnumerateObject().Any(m => HoldsReferences(m.Value)),
        JsonValueKind.Array => value.EnumerateArray().Any(HoldsReferences),
        _ => false,
    };
}

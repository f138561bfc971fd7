using System.Collections.Frozen;
using System.Text.Json;

namespace PolyClaw.Core.Schemas.Compiling;

/// <summary>The meta-schemas of JSON Schema 2020-12, which schemas may refer to without anybody fetching them.</summary>
internal static class MetaSchemas
{
    private const string Root = "https://json-schema.org/draft/2020-12/";

    private static readonly FrozenDictionary<string, Lazy<JsonElement>> Documents = new Dictionary<string, string>
    {
        ["schema"] = """
            {"allOf":[{"$ref":"meta/core"},{"$ref":"meta/applicator"},{"$ref":"meta/unevaluated"},{"$ref":"meta/validation"},
            {"$ref":"meta/meta-data"},{"$ref":"meta/format-annotation"},{"$ref":"meta/content"}],
            "$vocabulary":{"https://json-schema.org/draft/2020-12/vocab/core":true,"https://json-schema.org/draft/2020-12/vocab/applicator":true,
            "https://json-schema.org/draft/2020-12/vocab/unevaluated":true,"https://json-schema.org/draft/2020-12/vocab/validation":true,
            "https://json-schema.org/draft/2020-12/vocab/meta-data":true,"https://json-schema.org/draft/2020-12/vocab/format-annotation":true,
            "https://json-schema.org/draft/2020-12/vocab/content":true},
            "properties":{"definitions":{"type":"object","additionalProperties":{"$dynamicRef":"#meta"}},
            "dependencies":{"type":"object","additionalProperties":{"anyOf":[{"$dynamicRef":"#meta"},{"$ref":"meta/validation#/$defs/stringArray"}]}},
            "$recursiveAnchor":{"$ref":"meta/core#/$defs/anchorString"},"$recursiveRef":{"$ref":"meta/core#/$defs/uriReferenceString"}}}
            """,
        ["meta/core"] = """
            {"properties":{"$id":{"$ref":"#/$defs/uriReferenceString","pattern":"^[^#]*#?$"},"$schema":{"$ref":"#/$defs/uriString"},
            "$ref":{"$ref":"#/$defs/uriReferenceString"},"$anchor":{"$ref":"#/$defs/anchorString"},
            "$dynamicRef":{"$ref":"#/$defs/uriReferenceString"},"$dynamicAnchor":{"$ref":"#/$defs/anchorString"},
            "$vocabulary":{"type":"object","propertyNames":{"$ref":"#/$defs/uriString"},"additionalProperties":{"type":"boolean"}},
            "$comment":{"type":"string"},"$defs":{"type":"object","additionalProperties":{"$dynamicRef":"#meta"}}},
            "$defs":{"anchorString":{"type":"string","pattern":"^[A-Za-z_][-A-Za-z0-9._]*$"},"uriString":{"type":"string","format":"uri"},
            "uriReferenceString":{"type":"string","format":"uri-reference"}}}
            """,
        ["meta/applicator"] = """
            {"properties":{"prefixItems":{"$ref":"#/$defs/schemaArray"},"items":{"$dynamicRef":"#meta"},"contains":{"$dynamicRef":"#meta"},
            "additionalProperties":{"$dynamicRef":"#meta"},"properties":{"type":"object","additionalProperties":{"$dynamicRef":"#meta"}},
            "patternProperties":{"type":"object","additionalProperties":{"$dynamicRef":"#meta"},"propertyNames":{"format":"regex"}},
            "dependentSchemas":{"type":"object","additionalProperties":{"$dynamicRef":"#meta"}},"propertyNames":{"$dynamicRef":"#meta"},
            "if":{"$dynamicRef":"#meta"},"then":{"$dynamicRef":"#meta"},"else":{"$dynamicRef":"#meta"},"allOf":{"$ref":"#/$defs/schemaArray"},
            "anyOf":{"$ref":"#/$defs/schemaArray"},"oneOf":{"$ref":"#/$defs/schemaArray"},"not":{"$dynamicRef":"#meta"}},
            "$defs":{"schemaArray":{"type":"array","minItems":1,"items":{"$dynamicRef":"#meta"}}}}
            """,
        ["meta/unevaluated"] = """
            {"properties":{"unevaluatedItems":{"$dynamicRef":"#meta"},"unevaluatedProperties":{"$dynamicRef":"#meta"}}}
            """,
        ["meta/validation"] = """
            {"properties":{"type":{"anyOf":[{"$ref":"#/$defs/simpleTypes"},
            {"type":"array","items":{"$ref":"#/$defs/simpleTypes"},"minItems":1,"uniqueItems":true}]},
            "const":true,"enum":{"type":"array"},"multipleOf":{"type":"number","exclusiveMinimum":0},
            "maximum":{"type":"number"},"exclusiveMaximum":{"type":"number"},"minimum":{"type":"number"},"exclusiveMinimum":{"type":"number"},
            "maxLength":{"$ref":"#/$defs/nonNegativeInteger"},"minLength":{"$ref":"#/$defs/nonNegativeInteger"},
            "pattern":{"type":"string","format":"regex"},"maxItems":{"$ref":"#/$defs/nonNegativeInteger"},
            "minItems":{"$ref":"#/$defs/nonNegativeInteger"},"uniqueItems":{"type":"boolean"},
            "maxContains":{"$ref":"#/$defs/nonNegativeInteger"},"minContains":{"$ref":"#/$defs/nonNegativeInteger"},
            "maxProperties":{"$ref":"#/$defs/nonNegativeInteger"},"minProperties":{"$ref":"#/$defs/nonNegativeInteger"},
            "required":{"$ref":"#/$defs/stringArray"},"dependentRequired":{"type":"object","additionalProperties":{"$ref":"#/$defs/stringArray"}}},
            "$defs":{"nonNegativeInteger":{"type":"integer","minimum":0},"stringArray":{"type":"array","items":{"type":"string"},"uniqueItems":true},
            "simpleTypes":{"enum":["array","boolean","integer","null","number","object","string"]}}}
            """,
        ["meta/meta-data"] = """
            {"properties":{"title":{"type":"string"},"description":{"type":"string"},"default":true,"deprecated":{"type":"boolean"},
            "readOnly":{"type":"boolean"},"writeOnly":{"type":"boolean"},"examples":{"type":"array"}}}
            """,
        ["meta/format-annotation"] = """{"properties":{"format":{"type":"string"}}}""",
        ["meta/format-assertion"] = """{"properties":{"format":{"type":"string"}}}""",
        ["meta/content"] = """
            {"properties":{"contentEncoding":{"type":"string"},"contentMediaType":{"type":"string"},"contentSchema":{"$dynamicRef":"#meta"}}}
            """,
    }.ToFrozenDictionary(each => Root + each.Key, each => new Lazy<JsonElement>(() => Parse(Root + each.Key, each.Value)), StringComparer.Ordinal);

    internal static JsonElement? Find(string uri) => Documents.TryGetValue(uri, out var document) ? document.Value : null;

    /// <summary>Adds what all of them have in common.</summary>
    private static JsonElement Parse(string uri, string json) => JsonElement.Parse(
        $$"""{"$schema":"{{Dialect.Draft202012}}","$id":"{{uri}}","$dynamicAnchor":"meta","type":["object","boolean"],""" + json.AsSpan(1).ToString());
}

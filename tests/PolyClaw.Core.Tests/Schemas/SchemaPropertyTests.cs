using System.Text.Json;
using CsCheck;
using PolyClaw.Core.Schemas;

namespace PolyClaw.Core.Tests.Schemas;

/// <summary>Schemas and values at random: whatever they are, there is an answer, and answers agree with one another.</summary>
[Trait("BadInput", "B83")]
public sealed class SchemaPropertyTests
{
    private static readonly SchemaOptions Small = new() { MaxSteps = 2000, MaxFaults = 5 };

    private static readonly Gen<string> Names = OneOf("a", "b", "c", "aa", "a/b", "\\u00e9");

    private static readonly Gen<string> Values = Gen.Recursive<string>((depth, self) => Gen.Frequency(
        (depth < 5 ? 1 : 1000, OneOf("0", "1", "-1", "1.0", "1.5", "1e2", "1e400", "true", "false", "null", "\"\"", "\"a\"", "\"aaa\"", "\"😀\"", "\"\\u0061\"")),
        (1, self.Array[0, 4].Select(items => "[" + string.Join(',', items) + "]")),
        (1, Gen.Select(Names, self).Array[0, 4].Select(members =>
            "{" + string.Join(',', members.DistinctBy(each => each.Item1).Select(each => $"\"{each.Item1}\":{each.Item2}")) + "}"))));

    private static readonly Gen<string> Schemas = Gen.Recursive<string>((depth, self) => depth >= 4
        ? OneOf("true", "false", "{}", """{"type":"integer"}""", """{"$ref":"#/$defs/a"}""", """{"$dynamicRef":"#d"}""")
        : Keyword(self).Array[0, 4].Select(keywords =>
            "{" + string.Join(',', keywords.DistinctBy(each => each.Name).Select(each => $"\"{each.Name}\":{each.Value}")) + "}"));

    [Fact]
    public void Answers_every_schema_and_value_within_the_budget() => Gen.Select(Schemas, Values).Sample((schema, value) =>
    {
        var compiled = JsonSchema.TryCompile(Rooted(schema), Small, out var made, out var faults);
        if (!compiled)
            return faults.Count is > 0 and <= 5;
        var result = made!.Validate(JsonElement.Parse(value));
        return result.Valid == (result.Faults.Count == 0) && result.Faults.Count <= 5 && !(result.Valid && result.BudgetExceeded);
    });

    [Fact]
    public void Agrees_with_itself() => Gen.Select(Schemas, Values).Sample((schema, value) =>
    {
        // Each wrapping changes the root, so none may be referred to.
        schema = schema.Replace("\"#\"", "\"#d\"", StringComparison.Ordinal);
        if (Judge(schema, value) is not { } valid)
            return true;
        return Agrees($$$"""{"not":{"not":{{{schema}}}}}""", value, valid)
            && Agrees($$"""{"allOf":[{{schema}},true]}""", value, valid)
            && Agrees($$"""{"anyOf":[{{schema}},false]}""", value, valid)
            && Agrees($$"""{"oneOf":[false,{{schema}}]}""", value, valid)
            && Agrees($$"""{"if":{{schema}},"else":false}""", value, valid)
            && Agrees($$$"""{"not":{{{schema}}}}""", value, !valid)
            && Agrees($$$"""{"items":{{{schema}}}}""", $"[{value}]", valid)
            && Agrees($$$"""{"properties":{"p":{{{schema}}}}}""", $$$"""{"p":{{{value}}}}""", valid)
            && Agrees($$$"""{"additionalProperties":{{{schema}}}}""", $$$"""{"p":{{{value}}}}""", valid)
            && Agrees($$$"""{"unevaluatedProperties":{{{schema}}}}""", $$$"""{"p":{{{value}}}}""", valid)
            && Agrees($$$"""{"contains":{{{schema}}}}""", $"[{value}]", valid);
    });

    [Fact]
    public void Accepts_each_value_as_its_own_constant() => Values.Sample(value =>
        Judge($$$"""{"const":{{{value}}}}""", value) == true && Judge($$"""{"enum":[{{value}}]}""", value) == true
        && Judge("""{"uniqueItems":true}""", $"[{value},{value}]") == false);

    private static bool Agrees(string schema, string value, bool valid) => Judge(schema, value) is not { } same || same == valid;

    /// <summary>The answer, or null when the schema cannot be used or the budget ran out.</summary>
    private static bool? Judge(string schema, string value)
    {
        if (!JsonSchema.TryCompile(Rooted(schema), null, out var made, out _))
            return null;
        var result = made.Validate(JsonElement.Parse(value));
        return result.BudgetExceeded ? null : result.Valid;
    }

    /// <summary>Puts the schema beside what its references name.</summary>
    private static JsonElement Rooted(string schema) => JsonElement.Parse(
        $$$"""{"allOf":[{{{schema}}}],"$defs":{"a":{"type":["object","string"]},"d":{"$dynamicAnchor":"d","items":{"$ref":"#/$defs/a"} } } }""");

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    private static Gen<(string Name, string Value)> Keyword(Gen<string> self) => Gen.OneOf(
        Gen.Select(OneOf("type"), OneOf("\"string\"", "\"integer\"", "\"object\"", "[\"array\",\"null\"]")),
        Gen.Select(OneOf("const", "default"), Values),
        Gen.Select(OneOf("enum"), Values.Array[0, 3].Select(all => "[" + string.Join(',', all) + "]")),
        Gen.Select(OneOf("minimum", "maximum", "exclusiveMinimum", "multipleOf"), OneOf("1", "0.5", "1e3", "2")),
        Gen.Select(OneOf("minLength", "maxLength", "minItems", "maxItems", "minProperties", "minContains"), OneOf("0", "1", "2")),
        Gen.Select(OneOf("pattern"), OneOf("\"a\"", "\"^a+$\"", "\"(a+)+$\"", "\"\\\\w\"")),
        Gen.Select(OneOf("required"), OneOf("[\"a\"]", "[\"a\",\"b\"]", "[]")),
        Gen.Select(OneOf("uniqueItems"), OneOf("true")),
        Gen.Select(
            OneOf("not", "if", "then", "else", "items", "contains", "additionalProperties", "propertyNames", "unevaluatedItems", "unevaluatedProperties"), self),
        Gen.Select(OneOf("allOf", "anyOf", "oneOf", "prefixItems"), self.Array[1, 3].Select(all => "[" + string.Join(',', all) + "]")),
        Gen.Select(
            OneOf("properties", "patternProperties", "dependentSchemas"),
            Gen.Select(OneOf("a", "b", "c"), self).Select((name, schema) => $$$"""{"{{{name}}}":{{{schema}}}}""")),
        Gen.Select(OneOf("$ref"), OneOf("\"#/$defs/a\"", "\"#d\"", "\"#\"", "\"http://x/\"")),
        Gen.Select(OneOf("$dynamicRef"), OneOf("\"#d\"")));
}

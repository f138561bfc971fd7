using System.Text.Json;
using PolyClaw.Core.Schemas;

namespace PolyClaw.Core.Tests.Schemas;

/// <summary>What a reader, often a model, is told about a value that does not fit.</summary>
[Trait("BadInput", "B54")]
[Trait("Promise", "P12")]
public sealed class SchemaFaultTests
{
    private const string Tool = """
        {"type":"object","required":["path"],"additionalProperties":false,"properties":{
          "path":{"type":"string","minLength":1},
          "mode":{"enum":["read","write"]},
          "limit":{"type":"integer","minimum":1,"maximum":100},
          "tags":{"type":"array","items":{"type":"string"},"maxItems":2}}}
        """;

    [Fact]
    public void Tells_every_fault_at_once()
    {
        var faults = Faults(Tool, """{"mode":"raed","limit":0.5,"tags":["a",1,"c"],"colour":1}""");

        Assert.Equal(["", "/colour", "/limit", "/limit", "/mode", "/tags", "/tags/1"], faults.Select(fault => fault.Path).Order(StringComparer.Ordinal));
        Assert.All(faults, fault => Assert.Equal("schema_mismatch", fault.Code));
    }

    [Theory]
    [InlineData("""{"pth":"x"}""", "", "the required property \"path\" is missing", "add \"path\"; is \"pth\" meant to be it?")]
    [InlineData("""{"path":"x","limt":5}""", "/limt", "the property \"limt\" is not known", "did you mean \"limit\"?")]
    [InlineData("""{"path":"x","zzzzzz":5}""", "/zzzzzz", "the property \"zzzzzz\" is not known", "allowed: path, mode, limit, tags")]
    [InlineData("""{"path":"x","mode":"raed"}""", "/mode", "must be one of \"read\", \"write\", and is \"raed\"", "did you mean \"read\"?")]
    [InlineData("""{"path":"x","mode":7}""", "/mode", "must be one of \"read\", \"write\", and is 7", null)]
    [InlineData("""{"path":"x","limit":"5"}""", "/limit", "must be integer, and is the string \"5\"", null)]
    [InlineData("""{"path":"x","limit":101}""", "/limit", "must be at most 100, and is 101", null)]
    [InlineData("""{"path":null}""", "/path", "must be string, and is null", null)]
    [InlineData("""{"path":""}""", "/path", "must have at least 1 character, and has 0", null)]
    [InlineData("""{"path":"x","tags":["a","b","c"]}""", "/tags", "must have at most 2 items, and has 3", null)]
    [InlineData("[1]", "", "must be object, and is an array", null)]
    public void Says_what_was_found_and_what_would_be_right(string value, string path, string message, string? fix)
    {
        var fault = Faults(Tool, value).First(fault => fault.Path == path);

        Assert.Equal(message, fault.Message);
        Assert.Equal(fix, fault.Fix);
    }

    [Theory]
    [InlineData("""{"const":5}""", "6", "must be 5, and is 6")]
    [InlineData("""{"exclusiveMinimum":5}""", "5", "must be more than 5, and is 5")]
    [InlineData("""{"exclusiveMaximum":5}""", "5", "must be less than 5, and is 5")]
    [InlineData("""{"multipleOf":0.5}""", "0.7", "must be a multiple of 0.5, and is 0.7")]
    [InlineData("""{"pattern":"^a$"}""", "\"b\"", "must match the pattern ^a$, and is \"b\"")]
    [InlineData("""{"minProperties":1}""", "{}", "must have at least 1 property, and has 0")]
    [InlineData("""{"uniqueItems":true}""", "[1,2,1.0]", "must hold no item twice, and items 0 and 2 are the same")]
    [InlineData("""{"contains":{"const":1},"minContains":2}""", "[1,2]", "must hold at least 2 items of the kind \"contains\" describes, and holds 1")]
    [InlineData("""{"not":{"type":"string"}}""", "\"x\"", "is exactly what \"not\" rules out")]
    [InlineData("""{"dependentRequired":{"a":["b"]}}""", """{"a":1}""", "\"b\" is missing, which \"a\" needs")]
    [InlineData("""{"oneOf":[{"type":"integer"},{"minimum":2}]}""", "3", "must fit exactly one of 2 alternatives, and fits number 1 and number 2")]
    [InlineData("""{"anyOf":[{"type":"string"},{"type":"null"}]}""", "3", "fits none of 2 alternatives: must be string, and is the integer 3; or must be null, and is the integer 3")]
    [InlineData("""{"propertyNames":{"maxLength":2}}""", """{"abc":1}""", "the property's name must have at most 2 characters, and has 3")]
    [InlineData("""{"prefixItems":[true],"items":false}""", "[1,2,3]", "must have at most 1 item, and has 3")]
    [InlineData("false", "1", "nothing is allowed here")]
    public void Explains_each_keyword(string schema, string value, string message) => Assert.Equal(message, Assert.Single(Faults(schema, value)).Message);

    [Theory]
    [InlineData(60)]
    [InlineData(61)]
    [InlineData(240)]
    [InlineData(242)]
    [InlineData(244)]
    [InlineData(500)]
    public void Shows_a_long_value_by_its_start(int length)
    {
        var fault = Assert.Single(Faults("""{"const":1}""", "\"" + new string('x', length - 2) + "\""));

        Assert.StartsWith("must be 1, and is \"xxx", fault.Message, StringComparison.Ordinal);
        Assert.Equal(length > 60, fault.Message.EndsWith('…'));
    }

    [Fact]
    public void Shows_the_alternative_that_was_most_likely_meant()
    {
        const string Schema = """
            {"oneOf":[
              {"properties":{"kind":{"const":"image"},"image":{"type":"string"}},"required":["kind","image"]},
              {"properties":{"kind":{"const":"remote"},"url":{"type":"string"}},"required":["kind","url"]}]}
            """;
        var faults = Faults(Schema, """{"kind":"remote","url":5}""");

        Assert.Contains("number 2", faults[0].Message, StringComparison.Ordinal);
        Assert.Equal("/url", faults[1].Path);
        Assert.Equal("#/oneOf/1/properties/url/type", faults[1].SchemaPath);
        Assert.Equal(2, faults.Count);
    }

    [Fact]
    public void Guesses_an_unevaluated_name_from_every_schema_in_force()
    {
        const string Schema = """
            {"allOf":[{"$ref":"#/$defs/base"}],"properties":{"port":true},"unevaluatedProperties":false,"$defs":{"base":{"properties":{"address":true}}}}
            """;

        Assert.Equal("did you mean \"address\"?", Assert.Single(Faults(Schema, """{"port":1,"adress":2}""")).Fix);
    }

    [Fact]
    public void Does_not_call_a_property_unknown_because_its_alternative_failed()
    {
        const string Schema = """
            {"anyOf":[{"properties":{"a":{"type":"string"}},"required":["a"]},{"properties":{"b":{"type":"string"}},"required":["b"]}],
             "unevaluatedProperties":false}
            """;

        Assert.DoesNotContain(Faults(Schema, """{"a":1}"""), fault => fault.Message.Contains("not known", StringComparison.Ordinal));
    }

    [Fact]
    public void Points_into_names_with_slashes_and_tildes()
    {
        var fault = Assert.Single(Faults("""{"properties":{"a/b~c":{"items":{"type":"string"}}}}""", """{"a/b~c":["x",1]}"""));

        Assert.Equal("/a~1b~0c/1", fault.Path);
        Assert.Equal("#/properties/a~1b~0c/items/type", fault.SchemaPath);
        Assert.Equal("/steps/0/parameters/a~1b~0c/1", fault.ToFault("/steps/0/parameters").Path);
    }

    [Theory]
    [InlineData("""{"type":"strng"}""", "/type")]
    [InlineData("""{"type":[]}""", "/type")]
    [InlineData("""{"properties":[]}""", "/properties")]
    [InlineData("""{"properties":{"a":5}}""", "/properties/a")]
    [InlineData("""{"minLength":-1}""", "/minLength")]
    [InlineData("""{"minLength":1.5}""", "/minLength")]
    [InlineData("""{"minimum":"1"}""", "/minimum")]
    [InlineData("""{"multipleOf":0}""", "/multipleOf")]
    [InlineData("""{"required":"a"}""", "/required")]
    [InlineData("""{"enum":"a"}""", "/enum")]
    [InlineData("""{"anyOf":[]}""", "/anyOf")]
    [InlineData("""{"pattern":"("}""", "/pattern")]
    [InlineData("""{"patternProperties":{"[":true}}""", "/patternProperties/[")]
    [InlineData("""{"$anchor":"#a"}""", "/$anchor")]
    [InlineData("""{"$id":"#a"}""", "/$id")]
    [InlineData("""{"$ref":"#/$defs/none"}""", "/$ref")]
    [InlineData("""{"$ref":"#none"}""", "/$ref")]
    [InlineData("""{"uniqueItems":"yes"}""", "/uniqueItems")]
    [InlineData("""{"dependentRequired":{"a":"b"}}""", "/dependentRequired/a")]
    [InlineData("""{"$defs":{"a":{"$anchor":"x"},"b":{"$anchor":"x"}}}""", "/$defs/b/$anchor")]
    [InlineData("""{"type":"string","type":"integer"}""", "/type")]
    [InlineData("[]", "")]
    [InlineData("5", "")]
    public void Points_to_what_is_wrong_with_a_schema(string schema, string path)
    {
        Assert.False(JsonSchema.TryCompile(JsonElement.Parse(schema), null, out _, out var faults));
        Assert.Equal(path, Assert.Single(faults).Path);
        Assert.Contains(faults[0].Message, Assert.Throws<SchemaException>(() => JsonSchema.Compile(JsonElement.Parse(schema))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tells_every_fault_of_a_schema_at_once()
    {
        Assert.False(JsonSchema.TryCompile(
            JsonElement.Parse("""{"type":"x","minimum":"y","properties":{"a":{"pattern":"["}}}"""), null, out _, out var faults));
        Assert.Equal(["/minimum", "/properties/a/pattern", "/type"], faults.Select(fault => fault.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Refuses_a_misspelt_keyword_of_a_generated_schema()
    {
        var schema = JsonElement.Parse("""{"type":"object","propertes":{},"properties":{"x-anything":{"descripton":"a"}}}""");

        Assert.True(JsonSchema.TryCompile(schema, SchemaOptions.Untrusted, out _, out _));
        Assert.False(JsonSchema.TryCompile(schema, SchemaOptions.Generated, out _, out var faults));
        Assert.Equal(
            [("/properties/x-anything/descripton", "did you mean \"description\"?"), ("/propertes", "did you mean \"properties\"?")],
            faults.Select(fault => (fault.Path, fault.Fix!)).OrderByDescending(fault => fault.Path.Length));
        Assert.All(faults, fault => Assert.Equal("schema_unknown_keyword", fault.Code));
    }

    private static IReadOnlyList<SchemaFault> Faults(string schema, string value)
    {
        var result = JsonSchema.Compile(JsonElement.Parse(schema)).Validate(JsonElement.Parse(value));
        Assert.False(result.Valid);
        Assert.False(result.BudgetExceeded);
        return result.Faults;
    }
}

using System.Text.Json;
using PolyClaw.Core.Schemas;

namespace PolyClaw.Core.Tests.Schemas;

public sealed class SchemaDialectTests
{
    [Theory]
    [InlineData("http://json-schema.org/draft-07/schema#")]
    [InlineData("https://json-schema.org/draft/2019-09/schema")]
    public void Reads_the_older_spellings_where_a_child_declares_them(string dialect)
    {
        var schema = Compile($$$"""
            {"$schema":"{{{dialect}}}","type":"object","definitions":{"name":{"type":"string"}},
             "properties":{"name":{"$ref":"#/definitions/name"},"pair":{"type":"array","items":[{"type":"string"},{"type":"number"}],"additionalItems":false}},
             "dependencies":{"name":["pair"]}}
            """);

        Assert.True(Valid(schema, """{"name":"a","pair":["x",1]}"""));
        Assert.False(Valid(schema, """{"name":1,"pair":["x",1]}"""));
        Assert.False(Valid(schema, """{"name":"a"}"""));
        Assert.False(Valid(schema, """{"pair":[1,1]}"""));
        Assert.False(Valid(schema, """{"pair":["x",1,2]}"""));
    }

    [Fact]
    public void Lets_a_draft_07_reference_hide_what_stands_beside_it()
    {
        var schema = Compile("""
            {"$schema":"http://json-schema.org/draft-07/schema#","properties":{"a":{"$ref":"#/definitions/a","minLength":5}},"definitions":{"a":{"type":"string"}}}
            """);

        Assert.True(Valid(schema, """{"a":"x"}"""));
        Assert.False(Valid(schema, """{"a":1}"""));
    }

    [Fact]
    public void Refuses_a_dialect_it_does_not_know()
    {
        Assert.False(JsonSchema.TryCompile(JsonElement.Parse("""{"$schema":"https://example.com/my-dialect"}"""), null, out _, out var faults));
        var fault = Assert.Single(faults);
        Assert.Equal(("schema_dialect", "/$schema"), (fault.Code, fault.Path));
        Assert.Contains("2020-12", fault.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_dialect_that_needs_an_unknown_vocabulary()
    {
        var options = new SchemaOptions
        {
            Documents = new Dictionary<string, JsonElement>
            {
                ["https://example.com/meta"] = JsonElement.Parse("""{"$vocabulary":{"https://example.com/vocab/units":true}}"""),
            },
        };

        Assert.False(JsonSchema.TryCompile(JsonElement.Parse("""{"$schema":"https://example.com/meta"}"""), options, out _, out var faults));
        Assert.Contains("https://example.com/vocab/units", Assert.Single(faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Finds_a_document_that_was_registered()
    {
        var options = new SchemaOptions
        {
            Documents = new Dictionary<string, JsonElement> { ["https://polyclaw.example/port"] = JsonElement.Parse("""{"maximum":65535}""") },
        };
        var schema = JsonSchema.Compile(JsonElement.Parse("""{"items":{"$ref":"https://polyclaw.example/port"}}"""), options);

        Assert.True(Valid(schema, "[80,443]"));
        var fault = Assert.Single(schema.Validate(JsonElement.Parse("[80,70000]")).Faults);
        Assert.Equal("https://polyclaw.example/port#/maximum", fault.SchemaPath);
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"minLength":1}}}""", true)]
    [InlineData("""{"minLength":-1}""", false)]
    [InlineData("""{"properties":{"a":{"type":"nothing"}}}""", false)]
    [InlineData("""{"allOf":[]}""", false)]
    [InlineData("""{"$defs":{"a":{"multipleOf":0}}}""", false)]
    [InlineData("""{"required":["a","a"]}""", false)]
    [InlineData("true", true)]
    public void Judges_schemas_by_the_meta_schema(string schema, bool valid) =>
        Assert.Equal(valid, Valid(Compile("""{"$ref":"https://json-schema.org/draft/2020-12/schema"}"""), schema));

    private static JsonSchema Compile(string schema) => JsonSchema.Compile(JsonElement.Parse(schema));

    private static bool Valid(JsonSchema schema, string value) => schema.Validate(JsonElement.Parse(value)).Valid;
}

using System.Text;
using System.Text.Json;
using PolyClaw.Core.Schemas;

namespace PolyClaw.Core.Tests.Schemas;

/// <summary>Schemas and values made to hurt.</summary>
public sealed class SchemaBudgetTests
{
    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("//evil.example/schema")]
    [InlineData("other.json#/$defs/a")]
    [Trait("BadInput", "B83")]
    public void Refuses_a_reference_to_what_is_not_known_and_fetches_nothing(string reference)
    {
        var fault = Assert.Single(Refused($$$"""{"properties":{"a":{"$ref":"{{{reference}}}"} } }"""));

        Assert.Equal("schema_reference", fault.Code);
        Assert.Equal("/properties/a/$ref", fault.Path);
        Assert.Contains("nothing is ever fetched", fault.Message, StringComparison.Ordinal);
        Assert.NotNull(fault.Fix);
    }

    [Theory]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"allOf":[{"$ref":"#/$defs/a"}]}},"$ref":"#/$defs/a"}""")]
    [InlineData("""{"anyOf":[{"type":"string"},{"not":{"$ref":"#"}}]}""")]
    [InlineData("""{"if":{"$ref":"#/then"},"then":{"$ref":"#"}}""")]
    [Trait("BadInput", "B83")]
    public void Refuses_a_schema_that_applies_itself_to_the_same_value(string schema) =>
        Assert.Equal("schema_loop", Assert.Single(Refused(schema)).Code);

    [Fact]
    [Trait("BadInput", "B83")]
    public void Accepts_a_schema_that_applies_itself_to_a_smaller_value()
    {
        var tree = Compile("""{"properties":{"children":{"items":{"$ref":"#"}}},"additionalProperties":false}""");

        Assert.True(Validate(tree, """{"children":[{"children":[]},{}]}""").Valid);
        Assert.Equal("/children/0/children/0/x", Assert.Single(Validate(tree, """{"children":[{"children":[{"x":1}]}]}""").Faults).Path);
    }

    [Fact]
    [Trait("BadInput", "B83")]
    public void Ends_a_dynamic_loop_that_no_reader_can_see()
    {
        // The dynamic anchor makes #/$defs/start refer to whatever entered first: here, to the schema that refers to it.
        var loop = Compile("""
            {"$id":"https://a.example/root","$dynamicAnchor":"again","$ref":"leaf",
             "$defs":{"leaf":{"$id":"leaf","$dynamicRef":"#again","$defs":{"again":{"$dynamicAnchor":"again"}}}}}
            """);

        Assert.True(IsBudget(Validate(loop, "1")));
    }

    [Fact]
    [Trait("BadInput", "B83")]
    public void Ends_a_bomb_of_allOf()
    {
        var levels = string.Join(',', Enumerable.Range(0, 40).Select(i =>
            $$"""
            "l{{i}}":{"allOf":[{"$ref":"#/$defs/l{{i + 1}}"},{"$ref":"#/$defs/l{{i + 1}}"}]}
            """));
        var bomb = Compile($$"""{"$ref":"#/$defs/l0","$defs":{ {{levels}},"l40":{"type":"integer"} } }""");

        Assert.True(IsBudget(Validate(bomb, "1")));
        Assert.False(Validate(bomb, "\"x\"").Valid);
    }

    [Fact]
    [Trait("BadInput", "B83")]
    public void Does_not_turn_a_budget_that_ran_out_under_not_into_a_yes()
    {
        var schema = Compile("""{"not":{"items":{"type":"integer"}}}""", new SchemaOptions { MaxSteps = 10 });

        Assert.True(IsBudget(Validate(schema, "[1,2,3,4,5,6,7,8,9,10,11,12]")));
    }

    [Theory]
    [InlineData("""{"not":{"contains":{"const":0}}}""")]
    [InlineData("""{"anyOf":[{"items":{"type":"integer"}},true]}""")]
    [InlineData("""{"if":{"items":{"type":"integer"}},"then":false}""")]
    [InlineData("""{"uniqueItems":true}""")]
    [InlineData("""{"items":{"oneOf":[{"type":"string"},{"type":"integer"}]}}""")]
    [InlineData("""{"unevaluatedItems":{"type":"integer"}}""")]
    [Trait("BadInput", "B83")]
    public void Never_says_valid_once_the_steps_are_used_up(string json)
    {
        var schema = Compile(json, new SchemaOptions { MaxSteps = 20 });

        Assert.True(IsBudget(Validate(schema, "[" + string.Join(',', Enumerable.Range(1, 50)) + "]")));
    }

    [Fact]
    [Trait("BadInput", "B83")]
    public void Runs_a_catastrophic_pattern_in_linear_time()
    {
        var schema = Compile("""{"pattern":"^(a+)+$"}""", SchemaOptions.Untrusted);
        var result = Validate(schema, "\"" + new string('a', 50_000) + "!\"");

        Assert.False(result.Valid);
        Assert.False(result.BudgetExceeded);
        Assert.True(Validate(schema, "\"" + new string('a', 50_000) + "\"").Valid);
    }

    [Theory]
    [InlineData("^(?=a)(a+)+$")]
    [InlineData("(?<!x)y")]
    [InlineData("(a)\\\\1")]
    [InlineData("(?<q>a)\\\\k<q>")]
    [Trait("BadInput", "B83")]
    public void Refuses_a_strangers_pattern_that_must_backtrack(string pattern)
    {
        var fault = Assert.Single(Refused($$"""{"pattern":"{{pattern}}"}""", SchemaOptions.Untrusted));

        Assert.Equal("schema_pattern", fault.Code);
        Assert.Equal("/pattern", fault.Path);
        Assert.Contains("linear time", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("BadInput", "B83")]
    public void Stops_our_own_pattern_that_backtracks_too_long()
    {
        var schema = Compile("""{"pattern":"^(?=a)(a+)+$"}""");

        Assert.True(Validate(schema, "\"aaa\"").Valid);
        Assert.True(IsBudget(Validate(schema, "\"" + new string('a', 60) + "!\"")));
    }

    [Theory]
    [InlineData("(a{1000}){1000}")]
    [InlineData("((((a{9}){9}){9}){9}){9}")]
    [InlineData("a{100000}")]
    [Trait("BadInput", "B83")]
    public void Refuses_a_pattern_that_unfolds_without_measure(string pattern) =>
        Assert.Equal("schema_pattern", Assert.Single(Refused($$"""{"pattern":"{{pattern}}"}""")).Code);

    [Fact]
    [Trait("BadInput", "B83")]
    public void Refuses_many_patterns_that_are_too_much_together()
    {
        var patterns = string.Join(',', Enumerable.Range(0, 100).Select(i => $"\"x{i}[a-z]{{1,900}}\":true"));

        Assert.Contains(Refused($$"""{"patternProperties":{ {{patterns}} } }"""), fault => fault.Code == "schema_pattern");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"items":{"$ref":"#"}}""")]
    [InlineData("""{"const":[[[]]]}""")]
    [InlineData("""{"uniqueItems":true,"items":{"$ref":"#"}}""")]
    [Trait("BadInput", "B55")]
    public void Survives_a_value_two_thousand_deep(string json)
    {
        const int Depth = 2_000;
        var text = new string('[', Depth) + new string(']', Depth);
        using var value = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = Depth });
        var result = Compile(json).Validate(value.RootElement);

        Assert.Equal(json == "{}", result.Valid);
    }

    [Fact]
    [Trait("BadInput", "B83")]
    public void Names_the_depth_a_value_may_have()
    {
        var schema = Compile("""{"items":{"$ref":"#"}}""", new SchemaOptions { MaxInstanceDepth = 3 });

        Assert.True(Validate(schema, "[[[]]]").Valid);
        var result = Validate(schema, "[[[[[]]]]]");
        Assert.True(IsBudget(result));
        Assert.Contains("more than 3 deep", result.Faults[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("BadInput", "B72")]
    public void Refuses_a_schema_too_deep_too_wide_or_too_long()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"not":""", 17)) + "{}" + new string('}', 17);
        var wide = """{"anyOf":[""" + string.Join(',', Enumerable.Repeat("{}", 256)) + "]}";
        var large = $$"""{"description":"{{new string('x', 64 * 1024)}}"}""";

        foreach (var (schema, says) in new[] { (deep, "16 deep"), (wide, "256 subschemas"), (large, "65536") })
        {
            var fault = Assert.Single(Refused(schema, SchemaOptions.Untrusted));
            Assert.Equal("schema_too_large", fault.Code);
            Assert.Contains(says, fault.Message, StringComparison.Ordinal);
        }

        Assert.Empty(Refused(deep["""{"not":""".Length..^1], SchemaOptions.Untrusted));
    }

    [Fact]
    [Trait("BadInput", "B72")]
    public void Counts_subschemas_reached_through_an_unknown_keyword_too()
    {
        var parts = string.Join(',', Enumerable.Range(0, 300).Select(i => $$"""{"$ref":"#/hidden/{{i}}"}"""));
        var hidden = string.Join(',', Enumerable.Repeat("{}", 300));

        var fault = Assert.Single(Refused($$"""{"prefixItems":[{{parts}}],"hidden":[{{hidden}}]}""", new SchemaOptions { MaxSubschemas = 400 }));
        Assert.Equal("schema_too_large", fault.Code);
    }

    [Fact]
    [Trait("BadInput", "B83")]
    public void Finds_a_repeated_item_among_many_without_comparing_all_pairs()
    {
        var schema = Compile("""{"uniqueItems":true}""");
        var many = string.Join(',', Enumerable.Range(0, 40_000));

        Assert.True(Validate(schema, $"[{many}]").Valid);
        Assert.Contains("items 7 and 40000", Assert.Single(Validate(schema, $"[{many},7.0]").Faults).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"multipleOf":0.01}""", "1e400000000", true)]
    [InlineData("""{"multipleOf":7}""", "1e400000000", false)]
    [InlineData("""{"maximum":1e999999999}""", "1e1000000000", false)]
    [InlineData("""{"type":"integer"}""", "1e99999999999999999999", true)]
    [InlineData("""{"type":"integer"}""", "1e-99999999999999999999", false)]
    [Trait("BadInput", "B83")]
    public void Judges_numbers_of_any_size(string schema, string number, bool valid) => Assert.Equal(valid, Validate(Compile(schema), number).Valid);

    [Fact]
    [Trait("BadInput", "B83")]
    public void Does_not_divide_a_number_of_a_million_digits() =>
        Assert.True(IsBudget(Validate(Compile("""{"multipleOf":3}"""), new string('7', 1_000_000))));

    [Theory]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"\\udfff\":1}")]
    [InlineData("[\"\\ud83d\\u0041\"]")]
    [Trait("BadInput", "B83")]
    public void Says_that_half_a_character_is_no_text(string json)
    {
        var schema = Compile("""{"required":["a"],"properties":{"a":{"pattern":"a"}},"items":{"minLength":1},"pattern":"x"}""");
        var fault = Assert.Single(Validate(schema, json).Faults);

        Assert.Equal("schema_text", fault.Code);
        Assert.Equal("schema_text", Assert.Single(Refused($$$"""{"const":{{{json}}}}""")).Code);
    }

    [Fact]
    [Trait("BadInput", "B83")]
    public void Says_that_broken_utf8_is_no_text()
    {
        using var value = JsonDocument.Parse(new byte[] { (byte)'"', 0xC3, 0x28, (byte)'"' });

        Assert.Equal("schema_text", Assert.Single(Compile("""{"pattern":"x"}""").Validate(value.RootElement).Faults).Code);
    }

    [Fact]
    [Trait("BadInput", "B54")]
    public void Caps_the_faults_and_says_so()
    {
        var schema = Compile("""{"items":{"type":"string"}}""");
        var result = Validate(schema, "[" + string.Join(',', Enumerable.Range(0, 200)) + "]");

        Assert.Equal(50, result.Faults.Count);
        Assert.True(result.Truncated);
        Assert.False(result.BudgetExceeded);
    }

    [Fact]
    [Trait("BadInput", "B54")]
    public void Keeps_what_a_stranger_wrote_short_and_visible_in_its_messages()
    {
        var name = "\u202e\u0007" + new string('n', 100_000);
        var value = JsonSerializer.Serialize(new Dictionary<string, string> { [name] = new('v', 100_000) });
        var result = Validate(Compile("""{"additionalProperties":false}"""), value);
        var fault = Assert.Single(result.Faults);

        Assert.True(Encoding.UTF8.GetByteCount(fault.ToString()) < 1000);
        Assert.DoesNotContain('\u202e', fault.Message);
        Assert.DoesNotContain('\u0007', fault.Message);
        Assert.Contains("\\u{202e}", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Judges_a_small_valid_value_almost_without_allocating()
    {
        var schema = Compile("""
            {"type":"object","required":["path"],"additionalProperties":false,
             "properties":{"path":{"type":"string","minLength":1},"limit":{"type":"integer","maximum":100},"mode":{"enum":["read","write"]}}}
            """);
        var value = JsonElement.Parse("""{"path":"data.csv","limit":10,"mode":"read"}""");
        Assert.True(schema.Validate(value).Valid);

        var before = GC.GetAllocatedBytesForCurrentThread();
        schema.Validate(value);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256);
    }

    [Fact]
    public void Refuses_to_judge_what_is_no_value() => Assert.Throws<ArgumentException>(() => Compile("true").Validate(default));

    [Fact]
    public void Outlives_the_documents_it_was_made_from()
    {
        JsonSchema schema;
        using (var document = JsonDocument.Parse("""{"enum":["a",{"b":1}],"properties":{"b":{"minimum":1}}}"""))
            schema = JsonSchema.Compile(document.RootElement);

        Assert.True(Validate(schema, """{"b":1.0}""").Valid);
        Assert.False(Validate(schema, """{"b":0}""").Valid);
    }

    private static bool IsBudget(SchemaResult result) =>
        !result.Valid && result.BudgetExceeded && result.Faults.Count > 0 && result.Faults[^1].Code == "schema_budget";

    private static JsonSchema Compile(string schema, SchemaOptions? options = null) => JsonSchema.Compile(JsonElement.Parse(schema), options);

    private static SchemaResult Validate(JsonSchema schema, string value) => schema.Validate(JsonElement.Parse(value));

    private static IReadOnlyList<SchemaFault> Refused(string schema, SchemaOptions? options = null)
    {
        var compiled = JsonSchema.TryCompile(JsonElement.Parse(schema), options, out var made, out var faults);
        Assert.Equal(compiled, made is not null);
        Assert.Equal(compiled, faults.Count == 0);
        return faults;
    }
}

using System.Text;
using System.Text.Json;
using PolyClaw.ToolServer.Definitions;

namespace PolyClaw.ToolServer.Tests.Definitions;

[Trait("Promise", "P40")]
public sealed class DefinitionReaderTests
{
    private const string Tool = """{"name":"sum","description":"Adds.","input_schema":{"type":"object"},"language":"javascript","code":"(i) => i"}""";

    [Fact]
    public void Reads_a_full_definition()
    {
        var definition = Read("""
            {"version":1,"name":"sales","tools":[{"name":"sum","description":"Adds.","input_schema":{"type":"object"},
             "output_schema":{"type":"object"},"language":"javascript","code":"(i) => i","read_only":false,"idempotent":false}],
             "files":[{"name":"a.csv","text":"x"}],"secrets":{"KEY":"v"},
             "limits":{"call_seconds":5,"memory_mib":64,"output_bytes":2048,"statements":5000}}
            """);

        Assert.Equal("sales", definition.Name);
        var tool = Assert.Single(definition.Tools);
        Assert.Equal(("sum", "Adds.", "javascript", "(i) => i"), (tool.Name, tool.Description, tool.Language, tool.Code));
        Assert.False(tool.ReadOnly);
        Assert.False(tool.Idempotent);
        Assert.NotNull(tool.OutputSchema);
        Assert.Equal(new FileDefinition("a.csv", "x"), Assert.Single(definition.Files!));
        Assert.Equal("v", definition.Secrets!["KEY"]);
        Assert.Equal(new LimitsDefinition(5, 64, 2048, 5000), definition.Limits);
    }

    [Fact]
    public void Fills_in_what_may_be_left_out()
    {
        var definition = Read(With(Tool));

        Assert.Empty(definition.Files!);
        Assert.Null(definition.Secrets);
        Assert.Equal(new LimitsDefinition(10, 256, 1024 * 1024, 20_000_000), definition.Limits);
        Assert.True(definition.Tools[0].ReadOnly);
        Assert.True(definition.Tools[0].Idempotent);
    }

    [Fact]
    public void Reads_what_the_shared_form_writes()
    {
        var written = new ToolServerDefinition(
            ToolServerDefinition.CurrentVersion,
            "sales",
            [new ToolDefinition("sum", "Adds.", JsonElement.Parse("""{"type":"object"}"""), ToolDefinition.JavaScript, "(i) => i")],
            [new FileDefinition("a b/ü.csv", "1\n2")],
            new Dictionary<string, string> { ["KEY"] = "v" },
            new LimitsDefinition(CallSeconds: 3));
        var json = JsonSerializer.SerializeToUtf8Bytes(written, ToolServerDefinitionJson.Default.ToolServerDefinition);

        var read = DefinitionReader.Read(json);

        Assert.DoesNotContain((byte)'\n', json);
        var again = JsonSerializer.SerializeToUtf8Bytes(read, ToolServerDefinitionJson.Default.ToolServerDefinition);
        Assert.Equal(Encoding.UTF8.GetString(json), Encoding.UTF8.GetString(again));
    }

    [Fact]
    public void Ignores_a_byte_order_mark() =>
        Assert.Equal("t", DefinitionReader.Read(Encoding.UTF8.GetBytes("\ufeff" + With(Tool))).Name);

    [Theory]
    [Trait("BadInput", "B06")]
    [Trait("BadInput", "B30")]
    [InlineData("", "$", "not JSON")]
    [InlineData("{", "$", "not JSON")]
    [InlineData("[]", "$", "must be an object, not an array")]
    [InlineData("null", "$", "must be an object, not null")]
    [InlineData("""{"version":1,"name":"t","tools":[],}""", "$", "not JSON")]
    [InlineData("""{"version":1,"name":"t"}""", "$.tools", "missing")]
    [InlineData("""{"version":2,"name":"t","tools":[]}""", "$.version", "version 1 only")]
    [InlineData("""{"version":"1","name":"t","tools":[]}""", "$.version", "version 1 only")]
    [InlineData("""{"version":1,"name":"t","tools":[]}""", "$.tools", "1 to 512")]
    [InlineData("""{"version":1,"name":"t","tools":{}}""", "$.tools", "must be an array")]
    [InlineData("""{"version":1,"name":"t","tools":[1]}""", "$.tools[0]", "must be an object, not 1")]
    [InlineData("""{"version":1,"name":"t","tools":[],"extra":1}""", "$.extra", "no such field")]
    [InlineData("""{"version":1,"name":"t","Name":"t","tools":[]}""", "$.Name", "no such field")]
    [InlineData("""{"version":1,"name":"t","name":"u","tools":[]}""", "$.name", "twice")]
    [InlineData("""{"version":1,"name":7,"tools":[]}""", "$.name", "must be a string, not 7")]
    [InlineData("""{"version":1,"name":"","tools":[]}""", "$.name", "0 characters")]
    [InlineData("""{"version":1,"name":"a/b","tools":[]}""", "$.name", "U+002F")]
    [InlineData("""{"version":1,"name":"\u0430","tools":[]}""", "$.name", "U+0430")]
    [InlineData("""{"version":1,"name":"\ud800","tools":[]}""", "$.name", "surrogate")]
    public void Says_where_a_definition_is_wrong(string json, string path, string problem) => Refuses(json, path, problem);

    [Theory]
    [Trait("BadInput", "B30")]
    [InlineData("name", "\"x y\"", "U+0020")]
    [InlineData("name", "\"x\\u202ey\"", "U+202E")]
    [InlineData("name", "null", "must be a string, not null")]
    [InlineData("description", "\"\"", "1 to 8192")]
    [InlineData("input_schema", "{}", "\"type\": \"object\"")]
    [InlineData("input_schema", "{\"type\":\"array\"}", "\"type\": \"object\"")]
    [InlineData("input_schema", "true", "\"type\": \"object\"")]
    [InlineData("output_schema", "{\"type\":\"string\"}", "\"type\": \"object\"")]
    [InlineData("language", "\"python\"", "\"javascript\"")]
    [InlineData("code", "\"\"", "1 to 102400")]
    [InlineData("code", "[]", "must be a string, not an array")]
    [InlineData("read_only", "\"yes\"", "must be true or false")]
    [InlineData("timeout", "1", "no such field")]
    public void Says_where_a_tool_is_wrong(string field, string value, string problem)
    {
        var tool = System.Text.Json.Nodes.JsonNode.Parse(Tool)!.AsObject();
        tool[field] = System.Text.Json.Nodes.JsonNode.Parse(value);

        Refuses(With(tool.ToJsonString()), $"$.tools[0].{field}", problem);
    }

    [Theory]
    [InlineData("name")]
    [InlineData("description")]
    [InlineData("input_schema")]
    [InlineData("language")]
    [InlineData("code")]
    public void Names_the_field_that_a_tool_lacks(string field)
    {
        var tool = System.Text.Json.Nodes.JsonNode.Parse(Tool)!.AsObject();
        _ = tool.Remove(field);

        Refuses(With(tool.ToJsonString()), $"$.tools[0].{field}", "missing");
    }

    [Theory]
    [InlineData("sum")]
    [InlineData("SUM")]
    public void Refuses_a_second_tool_of_the_same_name_in_any_case(string name) =>
        Refuses(With(Tool, Tool.Replace("\"sum\"", $"\"{name}\"", StringComparison.Ordinal)), "$.tools[1].name", "$.tools[0] has this name already");

    [Fact]
    public void Refuses_code_of_more_than_100_KiB()
    {
        var most = ToolDefinition.MaxCodeBytes;
        var long_ = Tool.Replace("(i) => i", new string('x', most), StringComparison.Ordinal);
        var longer = Tool.Replace("(i) => i", new string('x', most + 1), StringComparison.Ordinal);

        Assert.Equal(most, Read(With(long_)).Tools[0].Code.Length);
        Refuses(With(longer), "$.tools[0].code", $"is {most + 1} bytes long");
    }

    [Fact]
    [Trait("BadInput", "B72")]
    public void Refuses_a_schema_that_is_too_deep_or_too_long()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"not\":", 15)) + "{}" + new string('}', 15);
        var tooDeep = $$"""{"type":"object","not":{{deep}}}""";
        var tooLong = $$"""{"type":"object","title":"{{new string('x', 64 * 1024)}}"}""";

        Refuses(With(Tool.Replace("""{"type":"object"}""", tooDeep, StringComparison.Ordinal)), "$.tools[0].input_schema", "deeper than 16");
        Refuses(With(Tool.Replace("""{"type":"object"}""", tooLong, StringComparison.Ordinal)), "$.tools[0].input_schema", "65536 are allowed");
    }

    [Fact]
    [Trait("BadInput", "B08")]
    public void Refuses_nesting_beyond_32_levels() =>
        Refuses(new string('[', 10_000), "$", "deeper than 32");

    [Theory]
    [InlineData("""[{"name":"a","text":"x"},{"name":"a","text":"y"}]""", "$.files[1].name", "earlier file")]
    [InlineData("""[{"name":"a\u0000","text":"x"}]""", "$.files[0].name", "U+0000")]
    [InlineData("""[{"name":"","text":"x"}]""", "$.files[0].name", "1 to 255")]
    [InlineData("""[{"name":"a"}]""", "$.files[0].text", "missing")]
    [InlineData("""[{"name":"a","text":1}]""", "$.files[0].text", "must be a string")]
    public void Says_where_a_file_is_wrong(string files, string path, string problem) =>
        Refuses($$"""{"version":1,"name":"t","tools":[{{Tool}}],"files":{{files}}}""", path, problem);

    [Theory]
    [InlineData("call_seconds", "0", "1 to 300")]
    [InlineData("call_seconds", "1.5", "1 to 300")]
    [InlineData("call_seconds", "1e400", "1 to 300")]
    [InlineData("memory_mib", "15", "16 to 4096")]
    [InlineData("output_bytes", "4194305", "1024 to 4194304")]
    [InlineData("statements", "-1", "1000 to 1000000000")]
    [InlineData("cpus", "1", "no such field")]
    public void Says_where_a_limit_is_wrong(string limit, string value, string problem) =>
        Refuses($$$"""{"version":1,"name":"t","tools":[{{{Tool}}}],"limits":{"{{{limit}}}":{{{value}}}}}""", $"$.limits.{limit}", problem);

    [Theory]
    [InlineData("1A")]
    [InlineData("a=b")]
    public void Refuses_a_secret_whose_name_is_no_variable(string name) =>
        Refuses($$$"""{"version":1,"name":"t","tools":[{{{Tool}}}],"secrets":{"{{{name}}}":"canary"}}""", $"$.secrets.{name}", "must match");

    [Fact]
    public void Never_shows_hidden_characters_of_a_path()
    {
        var fault = Assert.Throws<DefinitionException>(() => Read("""{"version":1,"a\u001b\u202eb\n":1}"""));

        Assert.Equal("$.a<U+001B><U+202E>b<U+000A>", fault.Path);
    }

    private static string With(params string[] tools) => $$"""{"version":1,"name":"t","tools":[{{string.Join(',', tools)}}]}""";

    private static ToolServerDefinition Read(string json) => DefinitionReader.Read(Encoding.UTF8.GetBytes(json));

    private static void Refuses(string json, string path, string problem)
    {
        var fault = Assert.Throws<DefinitionException>(() => Read(json));
        Assert.Equal(path, fault.Path);
        Assert.Contains(problem, fault.Message, StringComparison.Ordinal);
        Assert.StartsWith($"bad definition: {path}: ", fault.Message, StringComparison.Ordinal);
    }
}

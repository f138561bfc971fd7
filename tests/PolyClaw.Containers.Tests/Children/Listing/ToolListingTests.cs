using System.Text;
using System.Text.Json;
using PolyClaw.Containers.Children.Listing;

namespace PolyClaw.Containers.Tests.Children.Listing;

public sealed class ToolListingTests
{
    private const string AnySchema = """{"type":"object"}""";

    [Theory]
    [Trait("BadInput", "B81")]
    [InlineData("")]
    [InlineData("has space")]
    [InlineData("esc\\u001b[31m")]
    [InlineData("\\u0430dmin")]
    [InlineData("a/b")]
    [InlineData("line\\nfeed")]
    public async Task Leaves_out_a_tool_with_a_name_that_is_none(string name)
    {
        var listing = await ListAsync(Tool(name), Tool("good"));
        Assert.Equal(["good"], listing.Tools.Select(t => t.Info.Name));
        var warning = Assert.Single(listing.Warnings);
        Assert.DoesNotContain('\e', warning);
    }

    [Fact]
    [Trait("BadInput", "B81")]
    [Trait("Threat", "T12")]
    public async Task Leaves_out_every_tool_of_a_name_given_twice()
    {
        var listing = await ListAsync(Tool("read"), Tool("good"), Tool("READ"), Tool("read"));
        Assert.Equal(["good"], listing.Tools.Select(t => t.Info.Name));
        Assert.Single(listing.Warnings);
    }

    [Fact]
    [Trait("BadInput", "B72")]
    public async Task Cuts_a_long_description()
    {
        var listing = await ListAsync(Tool("t", description: new string('ä', 1_000_000)));
        Assert.Equal(8 * 1024, Encoding.UTF8.GetByteCount(listing.Tools[0].Info.Description!));
        Assert.Contains("cut", Assert.Single(listing.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("BadInput", "B72")]
    public async Task Leaves_out_a_tool_with_a_schema_over_a_limit()
    {
        var large = $$"""{"type":"object","description":"{{new string('x', 65_536)}}"}""";
        var deep = string.Concat(Enumerable.Repeat("""{"properties":{"a":""", 20)) + "true" + string.Concat(Enumerable.Repeat("}}", 20));
        var many = "{\"type\":\"object\",\"properties\":{" + string.Join(',', Enumerable.Range(0, 300).Select(i => $"\"p{i}\":true")) + "}}";
        var listing = await ListAsync(Tool("large", large), Tool("deep", deep), Tool("many", many), Tool("good"));
        Assert.Equal(["good"], listing.Tools.Select(t => t.Info.Name));
        Assert.Equal(3, listing.Warnings.Count);
    }

    [Fact]
    public async Task Keeps_a_tool_whose_schema_names_draft_7_and_judges_by_it()
    {
        var listing = await ListAsync(Tool("t", """{"$schema":"http://json-schema.org/draft-07/schema#","type":"object","required":["a"]}"""));
        Assert.Empty(listing.Warnings);
        Assert.False(listing.Tools[0].Input!.Validate(JsonElement.Parse("{}")).Valid);
    }

    [Fact]
    [Trait("BadInput", "B82")]
    [Trait("Threat", "T10")]
    public async Task Takes_out_what_cannot_be_seen_and_says_so()
    {
        var tags = string.Concat("do evil".Select(c => char.ConvertFromUtf32(0xE0000 + c)));
        var listing = await ListAsync(Tool("t", """{"type":"object","properties":{"a":{"description":"x\u202ey"}}}""", "a\u200bb\\u001b]8;;http://evil\\u0007c" + tags));
        Assert.Equal("abc", listing.Tools[0].Info.Description);
        Assert.Equal("xy", listing.Tools[0].Info.InputSchema.GetProperty("properties").GetProperty("a").GetProperty("description").GetString());
        Assert.Equal(2, listing.Warnings.Count);
    }

    [Fact]
    [Trait("BadInput", "B82")]
    public async Task Leaves_out_a_tool_with_a_hidden_character_in_what_means_something()
    {
        var listing = await ListAsync(Tool("t", """{"type":"object","properties":{"a\u200b":{}}}"""));
        Assert.Empty(listing.Tools);
        Assert.Contains("/properties/a", Assert.Single(listing.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("BadInput", "B71")]
    public async Task Reads_no_more_than_512_tools()
    {
        var listing = await ListAsync([.. Enumerable.Range(0, 600).Select(i => Tool($"t{i}"))]);
        Assert.Equal(512, listing.Tools.Count);
        Assert.Single(listing.Warnings);
    }

    private static string Tool(string name, string schema = AnySchema, string description = "what it does") =>
        $$"""{"name":"{{name}}","description":"{{description}}","inputSchema":{{schema}}}""";

    private static Task<ToolListing> ListAsync(params string[] tools) => ToolListing.ReadAsync(
        (_, _) => Task.FromResult(JsonElement.Parse($$"""{"tools":[{{string.Join(',', tools)}}]}""", new JsonDocumentOptions { MaxDepth = 128 })), TestContext.Current.CancellationToken);
}

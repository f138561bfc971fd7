using ModelContextProtocol.Protocol;
using PolyClaw.ToolServer.Serving;
using PolyClaw.ToolServer.Wire;
using PolyClaw.ToolServer.Workers;

namespace PolyClaw.ToolServer.Tests.Serving;

public sealed class CallResultsTests
{
    [Theory]
    [InlineData("{\"a\":1}", false, true)]
    [InlineData("[1]", false, false)]
    [InlineData("[1]", true, true)]
    [InlineData("null", true, true)]
    public void Structured_content_is_an_object_in_the_older_era_and_any_value_in_the_newest(string json, bool newest, bool structured)
    {
        var result = CallResults.Of(Returned(json), newest);

        Assert.Equal(json, Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
        Assert.Equal(structured, result.StructuredContent is not null);
        Assert.NotEqual(true, result.IsError);
    }

    [Fact]
    [Trait("BadInput", "B76")]
    public void Fails_a_call_whose_output_is_nested_too_deep()
    {
        Assert.NotEqual(true, CallResults.Of(Returned(Nested(28)), true).IsError);

        var result = CallResults.Of(Returned(Nested(29)), true);

        Assert.True(result.IsError);
        Assert.Contains("28 levels", Text(result), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("BadInput", "B70")]
    public void Fails_a_call_whose_message_a_careful_client_would_not_read()
    {
        // Each quote is six bytes once it is inside a string of a message.
        var json = $"\"{string.Concat(Enumerable.Repeat("\\\"", 500_000))}\"";

        var result = CallResults.Of(Returned(json), true);

        Assert.True(result.IsError);
        Assert.Contains("4194304 are allowed", Text(result), StringComparison.Ordinal);
    }

    [Fact]
    public void Shows_a_failure_with_the_last_lines_logged()
    {
        var log = Enumerable.Range(0, 30).Select(n => $"line {n}").ToList();

        var result = CallResults.Of(new CallEnd(new WorkerMessage.Failed("why"), log, []), true);

        Assert.True(result.IsError);
        Assert.StartsWith("why\nLast lines it logged:\nline 10\n", Text(result), StringComparison.Ordinal);
        Assert.Equal(30, result.Meta![CallResults.LogMetaKey]!.AsArray().Count);
    }

    private static CallEnd Returned(string json) => new(new WorkerMessage.Returned(json), [], []);

    private static string Nested(int levels) => new string('[', levels) + new string(']', levels);

    private static string Text(CallToolResult result) => Assert.IsType<TextContentBlock>(result.Content[0]).Text;
}

using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace PolyClaw.ToolServer.Tests.Serving;

[Trait("Promise", "P40")]
public sealed class ToolCallTests(RunningServerFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lists_the_tools_in_the_definitions_order_as_read_only_and_idempotent()
    {
        var tools = await fixture.Client.ListToolsAsync(cancellationToken: Token);

        Assert.Equal(["sum", "list", "report"], tools.Take(3).Select(t => t.Name));
        Assert.All(tools, t => Assert.True(t.ProtocolTool.Annotations is { ReadOnlyHint: true, IdempotentHint: true, DestructiveHint: false, OpenWorldHint: false }));
        Assert.Equal("tests", fixture.Client.ServerInfo?.Name);
    }

    [Fact]
    public async Task Answers_with_text_and_structured_content()
    {
        var result = await CallAsync("sum", new() { ["a"] = 2, ["b"] = 3 });

        Assert.Equal("""{"sum":5}""", Text(result));
        Assert.Equal(5, result.StructuredContent!.Value.GetProperty("sum").GetInt32());
    }

    [Fact]
    public async Task Answers_an_async_tool_with_any_JSON_value_in_the_newest_era()
    {
        var result = await CallAsync("list", new() { ["n"] = "é\u001b\"" });

        Assert.Equal(JsonValueKind.Array, result.StructuredContent!.Value.ValueKind);
        Assert.Equal("é\u001b\"", result.StructuredContent.Value[0].GetString());
    }

    [Fact]
    public async Task Returns_attachments_and_log_with_the_result()
    {
        var result = await CallAsync("report");

        var resource = Assert.IsType<TextResourceContents>(Assert.IsType<EmbeddedResourceBlock>(result.Content[1]).Resource);
        Assert.Equal(("attachment:///r.csv", "text/csv", "x,y\n1,2"), (resource.Uri, resource.MimeType, resource.Text));
        Assert.Equal("working", Assert.Single(result.Meta!["polyclaw/log"]!.AsArray())!.GetValue<string>());
    }

    [Fact]
    public async Task Reads_a_file_that_came_with_the_call_and_only_with_it()
    {
        var given = await fixture.Client.CallToolAsync(
            new CallToolRequestParams
            {
                Name = "call_file",
                Meta = new JsonObject { ["polyclaw/files"] = JsonNode.Parse("""[{"name":"call.txt","text":"given"}]""") },
            },
            Token);
        var without = await CallAsync("call_file");

        Assert.Equal("\"given\"", Text(given));
        Assert.True(without.IsError);
        Assert.Contains("there is no file \"call.txt\"; the files are \"a.csv\"", Text(without), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"name":"a.csv","text":"x"}]""", "of its own")]
    [InlineData("""[{"name":"b"}]""", "_meta.polyclaw/files[0].text: this field is missing")]
    [InlineData("7", "must be an array")]
    public async Task Refuses_files_of_a_call_that_are_wrong(string files, string told)
    {
        var fault = await Assert.ThrowsAsync<McpProtocolException>(async () => await fixture.Client.CallToolAsync(
            new CallToolRequestParams { Name = "call_file", Meta = new JsonObject { ["polyclaw/files"] = JsonNode.Parse(files) } }, Token));

        Assert.Equal(McpErrorCode.InvalidParams, fault.ErrorCode);
        Assert.Contains(told, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("BadInput", "B26")]
    public async Task Tells_the_model_what_its_code_threw_and_where()
    {
        var result = await CallAsync("throw");

        Assert.True(result.IsError);
        Assert.Equal("the tool's code threw at line 2, column 9: TypeError: boo", Text(result));
    }

    [Fact]
    [Trait("BadInput", "B19")]
    public async Task An_unknown_tool_is_an_error_of_the_protocol()
    {
        var fault = await Assert.ThrowsAsync<McpProtocolException>(async () => await CallAsync("no\r\nsuch"));

        Assert.Equal(McpErrorCode.InvalidParams, fault.ErrorCode);
        Assert.DoesNotContain("\n", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Threat", "T23")]
    public async Task Two_calls_share_nothing()
    {
        for (var call = 0; call < 2; call++)
        {
            Assert.Equal("""{"n":1,"leak":1}""", Text(await CallAsync("state")));
        }
    }

    [Fact]
    public async Task Calls_at_the_same_time_are_all_answered()
    {
        var calls = Enumerable.Range(0, 6).Select(n => CallAsync("sum", new() { ["a"] = n, ["b"] = 1 })).ToList();

        var results = await Task.WhenAll(calls);

        Assert.Equal(Enumerable.Range(1, 6).Select(n => $$"""{"sum":{{n}}}"""), results.Select(Text));
    }

    [Theory]
    [Trait("Threat", "T23")]
    [InlineData("bigint", "2 s, its limit")]
    [InlineData("deep_json", "the tool's code ")]
    [InlineData("to_string", "the tool's code ")]
    [InlineData("hoard", "its limit")]
    [InlineData("bytes", "48 MiB of memory")]
    [InlineData("wait", "Atomics.wait cannot be used")]
    [InlineData("long", "1048576 are allowed")]
    public async Task A_hostile_call_ends_in_words_and_the_next_is_answered(string tool, string told)
    {
        var result = await CallAsync(tool);

        Assert.True(result.IsError);
        Assert.NotEmpty(Text(result));
        Assert.Contains(told, Text(result), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Text(result), StringComparison.Ordinal);
        Assert.Equal("""{"sum":2}""", Text(await CallAsync("sum", new() { ["a"] = 1, ["b"] = 1 })));
    }

    [Fact]
    [Trait("Threat", "T08")]
    public async Task Neither_secrets_nor_environment_reach_the_code()
    {
        var result = await CallAsync("look");

        Assert.DoesNotContain(RunningToolServer.Canary, Text(result), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Threat", "T08")]
    public async Task A_worker_has_no_variable_of_ours_and_no_descriptor_but_its_pipes()
    {
        _ = await CallAsync("sum", new() { ["a"] = 1, ["b"] = 1 });
        var (environment, limits, descriptors) = await SpareAsync(fixture.Server);

        Assert.DoesNotContain(RunningToolServer.Canary, environment, StringComparison.Ordinal);
        Assert.All(environment.Split('\0', StringSplitOptions.RemoveEmptyEntries), v => Assert.StartsWith("DOTNET_", v, StringComparison.Ordinal));
        Assert.DoesNotContain(descriptors, d => d.Contains("socket:", StringComparison.Ordinal));
        Assert.Matches(@"Max core file size\s+0\s+0", limits);
        Assert.Matches(@"Max file size\s+0\s+0", limits);
    }

    /// <summary>What the kernel tells of the worker that waits, once that has set its limits.</summary>
    private static async Task<(string Environment, string Limits, IReadOnlyList<string> Descriptors)> SpareAsync(RunningToolServer server)
    {
        while (true)
        {
            Token.ThrowIfCancellationRequested();
            foreach (var child in server.Children())
            {
                try
                {
                    var limits = File.ReadAllText($"/proc/{child}/limits");
                    var environment = File.ReadAllText($"/proc/{child}/environ");
                    IReadOnlyList<string> descriptors = [.. Directory.EnumerateFileSystemEntries($"/proc/{child}/fd").Select(f => new FileInfo(f).LinkTarget ?? "")];
                    if (limits.Contains("Max open files            128", StringComparison.Ordinal) && environment.Length > 0 && descriptors.Count >= 3)
                    {
                        return (environment, limits, descriptors);
                    }
                }
                catch (IOException)
                {
                    // A worker that was used ended while it was looked at; the spare comes.
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token);
        }
    }

    private async Task<CallToolResult> CallAsync(string tool, Dictionary<string, object?>? arguments = null) =>
        await fixture.Client.CallToolAsync(tool, arguments, cancellationToken: Token);

    private static string Text(CallToolResult result) => Assert.IsType<TextContentBlock>(result.Content[0]).Text;
}

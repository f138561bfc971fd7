using System.Net;
using System.Text.Json;

namespace PolyClaw.Tests.Http;

public sealed class ToolCallGuardTests
{
    [Theory]
    [Trait("BadInput", "B20")]
    [InlineData("""{"colour":7}""", "/colour", "red")]
    [InlineData("{}", "colour", "colour")]
    [InlineData("""{"colour":"blue","count":"x"}""", "/count", "/colour")]
    [InlineData("""{"colour":"red","extra":1}""", "/extra", "extra")]
    [InlineData("""{"colour":"red","count":1000000000000000000000000000000}""", "/count", "100")]
    [InlineData("""{"colour":"red","nested":{"a/b":1}}""", "/nested/a~1b", "string")]
    [InlineData("[1]", "/", "object")]
    [InlineData("\"text\"", "/", "object")]
    public async Task Tells_the_calling_model_what_is_wrong_with_its_arguments(string arguments, string path, string right)
    {
        await using var host = await HttpHost.StartAsync();

        using var response = await host.SendAsync(HttpText.Call("strict", arguments), name: "strict");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var result = (await HttpText.ReadAsync(response)).GetProperty("result");
        Assert.True(result.GetProperty("isError").GetBoolean());
        var text = TextOf(result);
        Assert.Contains(path, text, StringComparison.Ordinal);
        Assert.Contains(right, text, StringComparison.Ordinal);
        Assert.Equal(0, host.Calls);
    }

    [Fact]
    [Trait("BadInput", "B20")]
    public async Task Lets_right_arguments_through()
    {
        await using var host = await HttpHost.StartAsync();

        using var response = await host.SendAsync(HttpText.Call("strict", """{"colour":"red","count":3}"""), name: "strict");

        Assert.Equal("counted", TextOf((await HttpText.ReadAsync(response)).GetProperty("result")));
        Assert.Equal(1, host.Calls);
    }

    [Theory]
    [Trait("BadInput", "B26")]
    [InlineData("fail")]
    [InlineData("fail_mcp")]
    public async Task Hides_what_a_tool_throws_behind_an_id_that_the_log_knows(string tool)
    {
        await using var host = await HttpHost.StartAsync();

        using var response = await host.SendAsync(HttpText.Call(tool), name: tool);

        var message = await HttpText.ReadAsync(response);
        var text = TextOf(message.GetProperty("result"));
        Assert.True(message.GetProperty("result").GetProperty("isError").GetBoolean());
        Assert.DoesNotContain("hunter2", message.GetRawText(), StringComparison.Ordinal);
        var id = text.TrimEnd('.').Split(' ')[^1];
        Assert.Matches("^[0-9a-f]{12}$", id);
        Assert.Contains(host.Logs.Lines, line => line.Contains(id, StringComparison.Ordinal) && line.Contains("hunter2", StringComparison.Ordinal));
    }

    [Theory]
    [Trait("BadInput", "B27")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stops_the_work_of_a_client_that_drops_its_stream(bool legacy)
    {
        await using var host = await HttpHost.StartAsync();
        var session = legacy ? await BeginAsync(host) : null;
        using var dropping = new CancellationTokenSource();
        async Task CallAsync()
        {
            using var response = legacy
                ? await host.SendAsync(
                    """{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"wait","arguments":{}}}""",
                    request => Legacy(request, session), cancellationToken: dropping.Token)
                : await host.SendAsync(HttpText.Call("wait"), name: "wait", cancellationToken: dropping.Token);
            await response.Content.ReadAsStringAsync(dropping.Token);
        }

        var call = CallAsync();
        await host.Tools.StartedAsync();
        await dropping.CancelAsync();

        await host.Tools.Cancelled.WaitAsync(TimeSpan.FromSeconds(30));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    private static async Task<string> BeginAsync(HttpHost host)
    {
        using var began = await host.SendAsync(
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""",
            request => Legacy(request, null));
        return began.Headers.GetValues("Mcp-Session-Id").Single();
    }

    private static void Legacy(HttpRequestMessage request, string? session)
    {
        foreach (var header in (string[])["MCP-Protocol-Version", "Mcp-Method", "Mcp-Name"])
            request.Headers.Remove(header);
        if (session is not null)
            request.Headers.TryAddWithoutValidation("Mcp-Session-Id", session);
    }

    private static string TextOf(JsonElement result) => result.GetProperty("content")[0].GetProperty("text").GetString()!;
}

using System.Net;

namespace PolyClaw.Tests.Http;

public sealed class EnvelopeRulesTests
{
    [Fact]
    [Trait("BadInput", "B13")]
    public async Task Refuses_a_body_that_declares_a_version_the_headers_do_not()
    {
        await using var host = await HttpHost.StartAsync();

        using var response = await host.SendAsync(HttpText.Call(), request => request.Headers.Remove("MCP-Protocol-Version"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(-32020, HttpText.Code(await HttpText.ReadAsync(response)));
        Assert.Equal(0, host.Calls);
    }

    [Theory]
    [Trait("BadInput", "B14")]
    [Trait("Threat", "T04")]
    [InlineData("Mcp-Method", "tools/list", true)]
    [InlineData("Mcp-Name", "fail", true)]
    [InlineData("Mcp-Method", "tools/call", false)]
    public async Task Refuses_headers_that_say_something_else_than_the_body(string header, string value, bool instead)
    {
        await using var host = await HttpHost.StartAsync();

        using var response = await host.SendAsync(HttpText.Call(), request =>
        {
            if (instead)
                request.Headers.Remove(header);
            request.Headers.TryAddWithoutValidation(header, value);
        });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(-32020, HttpText.Code(await HttpText.ReadAsync(response)));
        Assert.Equal(0, host.Calls);
    }

    [Fact]
    [Trait("BadInput", "B15")]
    public async Task Names_the_served_version_to_a_client_of_1999()
    {
        await using var host = await HttpHost.StartAsync();

        using var response = await host.SendAsync(HttpText.Call(), request =>
        {
            request.Headers.Remove("MCP-Protocol-Version");
            request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", "1999-01-01");
        });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var message = await HttpText.ReadAsync(response);
        Assert.Equal(-32022, HttpText.Code(message));
        Assert.Equal(1, message.GetProperty("id").GetInt32());
        Assert.Equal("""["2026-07-28"]""", message.GetProperty("error").GetProperty("data").GetProperty("supported").GetRawText());
        Assert.Equal(0, host.Calls);
    }

    [Theory]
    [Trait("BadInput", "B16")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"count"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"count","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"count","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":7}}}""")]
    public async Task Refuses_a_request_that_does_not_say_what_its_client_can(string body)
    {
        await using var host = await HttpHost.StartAsync();

        using var response = await host.SendAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(-32602, HttpText.Code(await HttpText.ReadAsync(response)));
        Assert.Equal(0, host.Calls);
    }

    [Theory]
    [Trait("BadInput", "B17")]
    [InlineData("GET")]
    [InlineData("DELETE")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    public async Task Answers_405_to_other_methods_without_a_session(string method)
    {
        await using var host = await HttpHost.StartAsync();

        using var response = await host.SendAsync("", request => (request.Method, request.Content) = (new HttpMethod(method), null));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal("POST", response.Content.Headers.GetValues("Allow").Single());
    }

    [Theory]
    [Trait("BadInput", "B18")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{}}""", "2026-07-28")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m"}}""", "2026-07-28")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{}}""", "2025-11-25")]
    public async Task Refuses_an_answer_that_nobody_asked_for(string body, string version)
    {
        await using var host = await HttpHost.StartAsync();

        using var response = await host.SendAsync(body, request =>
        {
            request.Headers.Remove("MCP-Protocol-Version");
            request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", version);
        });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(-32600, HttpText.Code(await HttpText.ReadAsync(response)));
    }

    [Fact]
    [Trait("BadInput", "B19")]
    public async Task Says_that_a_tool_or_method_is_unknown_without_an_echo_that_forges_lines()
    {
        await using var host = await HttpHost.StartAsync();

        using var tool = await host.SendAsync(HttpText.Call("nope"), name: "nope");
        using var method = await host.SendAsync(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"no/such\",\"params\":{" + HttpText.Meta + "}}", method: "no/such", name: null);
        using var forged = await host.SendAsync(HttpText.Call("nope\\r\\nFORGED: line"), name: "nope");

        Assert.Equal(HttpStatusCode.OK, tool.StatusCode);
        Assert.Equal(-32602, HttpText.Code(await HttpText.ReadAsync(tool)));
        Assert.Equal(HttpStatusCode.NotFound, method.StatusCode);
        Assert.Equal(-32601, HttpText.Code(await HttpText.ReadAsync(method)));
        Assert.Equal(-32602, HttpText.Code(await HttpText.ReadAsync(forged)));
        Assert.DoesNotContain(host.Logs.Lines, line => line.Contains("\nFORGED", StringComparison.Ordinal));
        Assert.Equal(0, host.Calls);
    }
}

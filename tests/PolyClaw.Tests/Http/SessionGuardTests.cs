using System.Net;

namespace PolyClaw.Tests.Http;

public sealed class SessionGuardTests
{
    private const string Initialize =
        """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""";

    [Fact]
    [Trait("BadInput", "B25")]
    public async Task A_client_that_has_no_stream_left_may_end_its_session()
    {
        await using var host = await HttpHost.StartAsync(options => options.ConcurrentStreams = 1);
        using var began = await host.SendAsync(Initialize, request => request.Headers.Remove("MCP-Protocol-Version"), method: "initialize", name: null);
        var session = began.Headers.GetValues("Mcp-Session-Id").Single();

        using var stream = await SendAsync(HttpMethod.Get);
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);
        using (var another = await SendAsync(HttpMethod.Get))
            Assert.Equal(HttpStatusCode.TooManyRequests, another.StatusCode);
        using (var end = await SendAsync(HttpMethod.Delete))
            Assert.True(end.IsSuccessStatusCode, $"{end.StatusCode}");
        using var late = await SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","id":2,"method":"ping"}""");
        Assert.Equal(HttpStatusCode.NotFound, late.StatusCode);

        Task<HttpResponseMessage> SendAsync(HttpMethod method, string? body = null) => host.SendAsync(body ?? "", request =>
        {
            request.Method = method;
            request.Content = body is null ? null : request.Content;
            request.Headers.Remove("Mcp-Method");
            request.Headers.Remove("MCP-Protocol-Version");
            request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", "2025-11-25");
            request.Headers.TryAddWithoutValidation("Mcp-Session-Id", session);
        }, name: null);
    }
}

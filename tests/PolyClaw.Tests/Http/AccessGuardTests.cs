using System.Net;
using System.Text;
using System.Text.Json;

namespace PolyClaw.Tests.Http;

public sealed class AccessGuardTests
{
    [Theory]
    [Trait("Threat", "T01")]
    [InlineData("http://evil.example")]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("http://localhost.evil.com:PORT")]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://127.0.0.1:PORT.evil.com")]
    [InlineData("http://127.0.0.1:PORT/")]
    [InlineData("https://127.0.0.1:PORT")]
    [InlineData("http://user@127.0.0.1:PORT")]
    [InlineData("http://127.1:PORT")]
    [InlineData("http://[::1]:PORT")]
    [InlineData("file://")]
    [InlineData("")]
    [InlineData("chrome-extension://abcdefgh")]
    public async Task Refuses_every_foreign_origin_with_403(string origin)
    {
        await using var host = await HttpHost.StartAsync();

        using var response = await host.SendAsync(HttpText.Call(), request =>
            request.Headers.TryAddWithoutValidation("Origin", origin.Replace("PORT", $"{host.Address.Port}", StringComparison.Ordinal)));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        var message = await HttpText.ReadAsync(response);
        Assert.False(message.TryGetProperty("id", out _));
        Assert.Equal("2.0", message.GetProperty("jsonrpc").GetString());
        Assert.Equal(0, host.Calls);
    }

    [Theory]
    [Trait("Threat", "T01")]
    [InlineData("evil.example")]
    [InlineData("evil.example:PORT")]
    [InlineData("localhost.evil.com:PORT")]
    [InlineData("127.0.0.1.evil.com:PORT")]
    [InlineData("127.0.0.1:1")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.2:PORT")]
    [InlineData("127.1:PORT")]
    [InlineData("2130706433:PORT")]
    [InlineData("0.0.0.0:PORT")]
    [InlineData("[::1]:PORT")]
    [InlineData("localhost.:PORT")]
    [InlineData("xn--lcalhost-54a:PORT")]
    public async Task Refuses_every_foreign_host_name(string name)
    {
        await using var host = await HttpHost.StartAsync();

        using var response = await host.SendAsync(HttpText.Call(), request =>
            request.Headers.Host = name.Replace("PORT", $"{host.Address.Port}", StringComparison.Ordinal));

        Assert.Contains(response.StatusCode, (HttpStatusCode[])[HttpStatusCode.Forbidden, HttpStatusCode.BadRequest]);
        Assert.Equal(0, host.Calls);
    }

    [Theory]
    [Trait("Threat", "T01")]
    [InlineData("127.0.0.2:PORT", true)]
    [InlineData("localhost:PORT", true)]
    [InlineData("127.0.0.1:PORT", false)]
    [InlineData("127.0.0.3:PORT", false)]
    public async Task Every_loopback_address_that_can_be_listened_on_is_served_under_its_own_number(string name, bool served)
    {
        await using var host = await HttpHost.StartAsync(options => options.Listen = PolyClaw.Http.LoopbackAddress.Parse("127.0.0.2:0"));

        using var response = await host.SendAsync(HttpText.Call(), request =>
            request.Headers.Host = name.Replace("PORT", $"{host.Address.Port}", StringComparison.Ordinal));

        Assert.Equal(served ? HttpStatusCode.OK : HttpStatusCode.Forbidden, response.StatusCode);
        if (!served)
            Assert.Contains($"127.0.0.2:{host.Address.Port}", (await HttpText.ReadAsync(response)).GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Threat", "T01")]
    [InlineData("localhost")]
    [InlineData("LOCALHOST")]
    [InlineData("127.0.0.1")]
    public async Task Serves_its_own_names_and_its_own_pages(string name)
    {
        await using var host = await HttpHost.StartAsync();

        using var response = await host.SendAsync(HttpText.Call(), request =>
        {
            request.Headers.Host = $"{name}:{host.Address.Port}";
            request.Headers.TryAddWithoutValidation("Origin", $"http://{name}:{host.Address.Port}");
            request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", "same-origin");
        });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [Trait("Threat", "T01")]
    [InlineData("cross-site", HttpStatusCode.Forbidden)]
    [InlineData("same-site", HttpStatusCode.Forbidden)]
    [InlineData("none", HttpStatusCode.OK)]
    public async Task Believes_a_browser_that_says_where_a_request_comes_from(string site, HttpStatusCode status)
    {
        await using var host = await HttpHost.StartAsync();

        using var response = await host.SendAsync(HttpText.Call(), request => request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", site));

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    [Trait("Threat", "T01")]
    public async Task Can_refuse_its_own_origin_and_admit_a_named_one()
    {
        await using var host = await HttpHost.StartAsync(options =>
        {
            options.AllowOwnOrigin = false;
            options.AllowedOrigins.Add("http://localhost:6274");
        });

        using var own = await host.SendAsync(HttpText.Call(), request => request.Headers.TryAddWithoutValidation("Origin", $"http://127.0.0.1:{host.Address.Port}"));
        using var named = await host.SendAsync(HttpText.Call(), request =>
        {
            request.Headers.TryAddWithoutValidation("Origin", "http://localhost:6274");
            request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", "same-site");
        });

        Assert.Equal(HttpStatusCode.Forbidden, own.StatusCode);
        Assert.Equal(HttpStatusCode.OK, named.StatusCode);
    }

    [Theory]
    [Trait("Threat", "T02")]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer wrong-token-0123456789")]
    [InlineData("Bearer test-token-0123456789abcde")]
    [InlineData("Bearer test-token-0123456789abcdef0")]
    [InlineData("Bearer TEST-TOKEN-0123456789ABCDEF")]
    [InlineData("Basic dGVzdDp0b2tlbg==")]
    [InlineData("Bearertest-token-0123456789abcdef")]
    [InlineData("test-token-0123456789abcdef")]
    [InlineData("Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJmaXJzdCJ9.")]
    [InlineData("Bearer test-token-0123456789abcdef, Bearer x")]
    [InlineData("Bearer \"test-token-0123456789abcdef\"")]
    public async Task Answers_401_to_every_bad_token(string? authorization)
    {
        await using var host = await HttpHost.StartAsync();

        using var response = await host.SendAsync(HttpText.Call(), request =>
        {
            request.Headers.Remove("Authorization");
            if (authorization is not null)
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
        });

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.StartsWith("Bearer", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, host.Calls);
    }

    [Theory]
    [Trait("Threat", "T02")]
    [InlineData("access_token")]
    [InlineData("token")]
    public async Task Ignores_a_token_in_the_query(string parameter)
    {
        await using var host = await HttpHost.StartAsync();

        using var response = await host.SendAsync(HttpText.Call(), request =>
        {
            request.Headers.Remove("Authorization");
            request.RequestUri = new Uri($"/mcp?{parameter}={HttpHost.Token}", UriKind.Relative);
        });

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    [Trait("Threat", "T02")]
    public async Task Takes_one_authorization_header_only()
    {
        await using var host = await HttpHost.StartAsync();
        var body = HttpText.Call();
        var head = $"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:{host.Address.Port}\r\nConnection: close\r\nAuthorization: Bearer {HttpHost.Token}\r\n"
            + $"Authorization: Bearer wrong-token-0123456789\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";

        Assert.StartsWith("HTTP/1.1 401", await host.RawAsync(Encoding.ASCII.GetBytes(head)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tells_its_health_without_a_token_and_nothing_else()
    {
        await using var host = await HttpHost.StartAsync();

        using var health = await host.Client.GetAsync(new Uri("/health", UriKind.Relative));
        using var other = await host.Client.GetAsync(new Uri("/anything", UriKind.Relative));

        Assert.Equal("ok", await health.Content.ReadAsStringAsync());
        Assert.False(health.Headers.Contains("Server"));
        Assert.Equal(HttpStatusCode.Unauthorized, other.StatusCode);
    }

    [Fact]
    [Trait("Threat", "T03")]
    public async Task Keeps_a_session_to_the_principal_that_began_it()
    {
        await using var host = await HttpHost.StartAsync();
        const string Initialize = """
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}
            """;
        void Legacy(HttpRequestMessage request, string token, string? session)
        {
            foreach (var header in (string[])["MCP-Protocol-Version", "Mcp-Method", "Mcp-Name", "Authorization"])
                request.Headers.Remove(header);
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
            if (session is not null)
                request.Headers.TryAddWithoutValidation("Mcp-Session-Id", session);
        }

        using var began = await host.SendAsync(Initialize, request => Legacy(request, HttpHost.Token, null));
        var session = began.Headers.GetValues("Mcp-Session-Id").Single();
        const string Call = """{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"count","arguments":{}}}""";
        using var stolen = await host.SendAsync(Call, request => Legacy(request, HttpHost.OtherToken, session));
        using var ended = await host.SendAsync("", request =>
        {
            Legacy(request, HttpHost.OtherToken, session);
            (request.Method, request.Content) = (HttpMethod.Delete, null);
        });
        Assert.Equal(HttpStatusCode.Forbidden, stolen.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, ended.StatusCode);
        Assert.Equal(0, host.Calls);

        using var own = await host.SendAsync(Call, request => Legacy(request, HttpHost.Token, session));
        Assert.Equal(JsonValueKind.Object, (await HttpText.ReadAsync(own)).GetProperty("result").ValueKind);
        Assert.Equal(1, host.Calls);
    }
}

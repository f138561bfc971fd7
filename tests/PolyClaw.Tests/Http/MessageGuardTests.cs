using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;

namespace PolyClaw.Tests.Http;

public sealed class MessageGuardTests
{
    public static TheoryData<string, string, int> BadMessages()
    {
        var call = HttpText.Call();
        string With(string old, string changed) => call.Replace(old, changed, StringComparison.Ordinal);
        var deep = new string('[', 64) + new string(']', 64);
        return new TheoryData<string, string, int>
        {
            { "B01 cut", "{\"jsonrpc\":\"2.0\",", -32700 },
            { "B01 empty", "", -32700 },
            { "B01 garbage", "garbage", -32700 },
            { "B02", $"[{call}]", -32600 },
            { "B03 null", With("\"id\":1", "\"id\":null"), -32600 },
            { "B03 fraction", With("\"id\":1", "\"id\":1.5"), -32600 },
            { "B03 huge", With("\"id\":1", "\"id\":1e400"), -32600 },
            { "B03 object", With("\"id\":1", "\"id\":{}"), -32600 },
            { "B03 true", With("\"id\":1", "\"id\":true"), -32600 },
            { "B04", With("\"id\":1", $"\"id\":\"{new string('a', 1_000_000)}\""), -32600 },
            { "B06 method", With("\"method\":", "\"method\":\"ping\",\"method\":"), -32600 },
            { "B06 name", With("\"name\":", "\"name\":\"boom\",\"name\":"), -32600 },
            { "B06 argument", With("\"arguments\":{}", "\"arguments\":{\"a\":1,\"a\":2}"), -32600 },
            { "B07 case", With("\"name\":", "\"Name\":\"boom\",\"name\":"), -32600 },
            { "B07 nul", With("\"name\":", "\"name\\u0000\":\"boom\",\"name\":"), -32600 },
            { "B07 upper", With("\"method\":", "\"METHOD\":"), -32600 },
            { "B08", With("\"arguments\":{}", "\"arguments\":{\"a\":" + deep + "}"), -32600 },
            { "B21 surrogate", With("\"arguments\":{}", "\"arguments\":{\"a\":\"\\ud800\"}"), -32600 },
            { "B21 control", With("\"name\":\"count\"", "\"name\":\"count\\u001b\""), -32602 },
            { "B22", With("\"_meta\":{", "\"_meta\":{\"progressToken\":{},"), -32602 },
            { "B28 comma", With("\"id\":1", "\"id\":1,,"), -32700 },
            { "B28 comment", With("\"id\":1", "\"id\":1/*x*/"), -32700 },
        };
    }

    [Theory]
    [Trait("BadInput", "B01")]
    [Trait("BadInput", "B02")]
    [Trait("BadInput", "B03")]
    [Trait("BadInput", "B04")]
    [Trait("BadInput", "B06")]
    [Trait("BadInput", "B07")]
    [Trait("BadInput", "B08")]
    [Trait("BadInput", "B21")]
    [Trait("BadInput", "B22")]
    [Trait("BadInput", "B28")]
    [Trait("Threat", "T04")]
    [MemberData(nameof(BadMessages))]
    public async Task Answers_400_and_runs_nothing(string row, string body, int code)
    {
        await using var host = await HttpHost.StartAsync();

        using var response = await host.SendAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var message = await HttpText.ReadAsync(response);
        Assert.Equal(code, HttpText.Code(message));
        if (code == -32700 || row.StartsWith("B03", StringComparison.Ordinal))
            Assert.Equal(JsonValueKind.Null, message.GetProperty("id").ValueKind);
        Assert.Equal(0, host.Calls);
    }

    [Fact]
    public async Task Serves_a_good_message()
    {
        await using var host = await HttpHost.StartAsync();

        using var response = await host.SendAsync(HttpText.Call());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("counted", (await HttpText.ReadAsync(response)).GetRawText(), StringComparison.Ordinal);
        Assert.Equal(1, host.Calls);
    }

    [Theory]
    [InlineData("/mcp/")]
    [InlineData("/MCP")]
    [InlineData("/m%63p")]
    public async Task Guards_every_spelling_of_its_path(string path)
    {
        await using var host = await HttpHost.StartAsync();

        using var response = await host.SendAsync("{\"jsonrpc\":\"2.0\",", request => request.RequestUri = new Uri(path, UriKind.Relative));

        Assert.Equal(-32700, HttpText.Code(await HttpText.ReadAsync(response)));
    }

    [Theory]
    [Trait("BadInput", "B09")]
    [InlineData(4 * 1024 * 1024, HttpStatusCode.BadRequest)]
    [InlineData((4 * 1024 * 1024) + 1, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(29_000_000, HttpStatusCode.RequestEntityTooLarge)]
    public async Task Answers_413_above_4_MiB(int size, HttpStatusCode status)
    {
        await using var host = await HttpHost.StartAsync();

        using var response = await host.SendAsync(new byte[size], request => request.Headers.ExpectContinue = true);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(0, host.Calls);
    }

    [Fact]
    [Trait("BadInput", "B09")]
    [Trait("Threat", "T18")]
    public async Task Stops_reading_a_body_of_unknown_length_at_the_limit()
    {
        await using var host = await HttpHost.StartAsync();
        var content = new CountingContent(64 * 1024 * 1024);

        try
        {
            using var response = await host.SendAsync("", request =>
            {
                content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
                request.Content = content;
                request.Headers.TransferEncodingChunked = true;
            });
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        }
        catch (HttpRequestException)
        {
            // The server closes while the client still sends: it may not come to read the answer.
        }

        Assert.InRange(content.Sent, 1, 32 * 1024 * 1024);
        Assert.Equal(0, host.Calls);
    }

    [Theory]
    [Trait("BadInput", "B11")]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json-seq")]
    [InlineData("")]
    [Trait("BadInput", "B21")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=\"latin1\"")]
    public async Task Answers_415_to_another_media_type(string type)
    {
        await using var host = await HttpHost.StartAsync();

        using var response = await host.SendAsync(HttpText.Call(), request =>
        {
            request.Content!.Headers.Remove("Content-Type");
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        });

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal(0, host.Calls);
    }

    [Theory]
    [Trait("BadInput", "B21")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answers_415_to_utf16(bool mark)
    {
        await using var host = await HttpHost.StartAsync();
        var body = Encoding.Unicode.GetBytes((mark ? "\uFEFF" : "") + HttpText.Call());

        using var response = await host.SendAsync(body);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Fact]
    [Trait("BadInput", "B21")]
    public async Task Strips_a_byte_order_mark_and_refuses_invalid_utf8()
    {
        await using var host = await HttpHost.StartAsync();

        using var marked = await host.SendAsync("\uFEFF" + HttpText.Call());
        using var invalid = await host.SendAsync((byte[])[.. Encoding.UTF8.GetBytes(HttpText.Call(arguments: "{\"a\":\"")), 0xFF]);

        Assert.Equal(HttpStatusCode.OK, marked.StatusCode);
        Assert.Equal(-32700, HttpText.Code(await HttpText.ReadAsync(invalid)));
        Assert.Equal(1, host.Calls);
    }

    [Fact]
    [Trait("BadInput", "B12")]
    public async Task Answers_406_to_a_client_that_takes_no_event_stream()
    {
        await using var host = await HttpHost.StartAsync();

        using var response = await host.SendAsync(HttpText.Call(), request => request.Headers.Remove("Accept"));

        Assert.Equal(HttpStatusCode.NotAcceptable, response.StatusCode);
        Assert.Equal(0, host.Calls);
    }

    [Fact]
    [Trait("BadInput", "B23")]
    public async Task Answers_415_to_a_compressed_body()
    {
        await using var host = await HttpHost.StartAsync();
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionMode.Compress))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(HttpText.Call()));

        using var response = await host.SendAsync(packed.ToArray(), request => request.Content!.Headers.ContentEncoding.Add("gzip"));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal(0, host.Calls);
    }

    [Fact]
    [Trait("BadInput", "B24")]
    public async Task Answers_408_to_a_body_that_does_not_come()
    {
        await using var host = await HttpHost.StartAsync();
        var head = $"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:{host.Address.Port}\r\nAuthorization: Bearer {HttpHost.Token}\r\n"
            + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{";

        var answer = await host.RawAsync(Encoding.ASCII.GetBytes(head));

        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.Equal(0, host.Calls);
    }
}

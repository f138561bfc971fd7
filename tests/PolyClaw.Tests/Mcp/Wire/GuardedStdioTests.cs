using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;
using PolyClaw.Mcp.Wire;

namespace PolyClaw.Tests.Mcp.Wire;

public sealed class GuardedStdioTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Pipe _toServer = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly Pipe _toClient = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly StreamReader _answers;

    public GuardedStdioTests() => _answers = new StreamReader(_toClient.Reader.AsStream());

    [Theory]
    [Trait("BadInput", "B01")]
    [InlineData("garbage", -32700, "null")]
    [InlineData("{\"jsonrpc\":\"2.0\",", -32700, "null")]
    [Trait("BadInput", "B02")]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"method":"ping"}]""", -32600, "null")]
    [Trait("BadInput", "B03")]
    [InlineData("""{"jsonrpc":"2.0","id":null,"method":"ping"}""", -32600, "null")]
    [Trait("BadInput", "B06")]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"ping","method":"x"}""", -32600, "7")]
    [Trait("BadInput", "B07")]
    [InlineData("""{"jsonrpc":"2.0","id":"s","METHOD":"ping"}""", -32600, "\"s\"")]
    [Trait("BadInput", "B28")]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"ping",}""", -32700, "null")]
    public async Task Answers_a_bad_line_itself_and_passes_the_next(string bad, int code, string id)
    {
        var stdio = Guard();
        const string Good = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";
        await SendAsync(bad + "\n\r\n  \n" + Good + "\n");

        Assert.Equal(Good, await new StreamReader(stdio.Input).ReadLineAsync().WaitAsync(Patience));
        using var answer = await AnswerAsync();
        Assert.Equal(code, answer.RootElement.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal(id, answer.RootElement.GetProperty("id").GetRawText());
    }

    [Fact]
    [Trait("BadInput", "B04")]
    [Trait("BadInput", "B08")]
    public async Task Answers_an_endless_id_and_endless_nesting()
    {
        var stdio = Guard();
        await SendAsync($$"""{"jsonrpc":"2.0","id":"{{new string('a', 1_000_000)}}","method":"ping"}""" + "\n"
            + """{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":""" + new string('[', 10_000) + "\n");
        _toServer.Writer.Complete();

        Assert.Equal("", await new StreamReader(stdio.Input).ReadToEndAsync().WaitAsync(Patience));
        using (var first = await AnswerAsync())
            Assert.Equal(JsonValueKind.Null, first.RootElement.GetProperty("id").ValueKind);
        using var second = await AnswerAsync();
        Assert.Equal(1, second.RootElement.GetProperty("id").GetInt32());
    }

    [Fact]
    [Trait("BadInput", "B21")]
    public async Task Strips_a_byte_order_mark_and_refuses_invalid_utf8()
    {
        var stdio = Guard();
        await SendAsync("\uFEFF{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n");
        await _toServer.Writer.WriteAsync((byte[])[.. """{"jsonrpc":"2.0","id":2,"method":"x","params":{"a":" """u8, 0xFF, .. "\"}}\n"u8]);
        _toServer.Writer.Complete();

        Assert.Equal("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n", await new StreamReader(stdio.Input).ReadToEndAsync().WaitAsync(Patience));
        using var answer = await AnswerAsync();
        Assert.Equal(-32700, answer.RootElement.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    [Trait("BadInput", "B05")]
    public async Task Refuses_a_second_request_under_an_id_in_progress_until_the_first_is_answered()
    {
        var stdio = Guard();
        var lines = new StreamReader(stdio.Input);
        const string Request = """{"jsonrpc":"2.0","id":"x","method":"ping"}""";
        const string Other = """{"jsonrpc":"2.0","id":2,"method":"ping"}""";
        await SendAsync(Request + "\n" + Request + "\n" + Other + "\n");

        Assert.Equal(Request, await lines.ReadLineAsync().WaitAsync(Patience));
        Assert.Equal(Other, await lines.ReadLineAsync().WaitAsync(Patience));
        using (var refused = await AnswerAsync())
        {
            Assert.Equal(-32600, refused.RootElement.GetProperty("error").GetProperty("code").GetInt32());
            Assert.Equal("x", refused.RootElement.GetProperty("id").GetString());
        }

        await stdio.Output.WriteAsync("""{"jsonrpc":"2.0","result":{},"id":"x"}"""u8.ToArray());
        await stdio.Output.WriteAsync("\n"u8.ToArray());
        using (var answered = await AnswerAsync())
            Assert.Equal("x", answered.RootElement.GetProperty("id").GetString());
        await SendAsync(Request + "\n");
        Assert.Equal(Request, await lines.ReadLineAsync().WaitAsync(Patience));
    }

    [Fact]
    [Trait("BadInput", "B05")]
    public async Task Frees_the_id_of_a_cancelled_request()
    {
        var stdio = Guard();
        const string Request = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";
        const string Cancel = """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""";
        await SendAsync($"{Request}\n{Cancel}\n{Request}\n");
        _toServer.Writer.Complete();

        Assert.Equal($"{Request}\n{Cancel}\n{Request}\n", await new StreamReader(stdio.Input).ReadToEndAsync().WaitAsync(Patience));
    }

    [Fact]
    [Trait("Threat", "T18")]
    public async Task Refuses_more_requests_in_progress_than_allowed()
    {
        var stdio = Guard(new StdioLimits { MaxInFlight = 2 });
        await SendAsync(string.Concat(Enumerable.Range(1, 3).Select(i => $$"""{"jsonrpc":"2.0","id":{{i}},"method":"ping"}""" + "\n")));
        _toServer.Writer.Complete();

        Assert.Equal(2, (await new StreamReader(stdio.Input).ReadToEndAsync().WaitAsync(Patience)).Count(c => c == '\n'));
        using var answer = await AnswerAsync();
        Assert.Equal(3, answer.RootElement.GetProperty("id").GetInt32());
    }

    [Fact]
    [Trait("BadInput", "B10")]
    [Trait("Threat", "T18")]
    public async Task Ends_the_session_at_a_line_over_the_limit_without_reading_on()
    {
        var log = new ListLogger<GuardedStdio>();
        using var flood = new EndlessStream();
        var stdio = new GuardedStdio(flood, _toClient.Writer.AsStream(), null, log);

        Assert.Equal(0, await stdio.Input.ReadAsync(new byte[1024]).AsTask().WaitAsync(Patience));
        Assert.InRange(flood.Given, 4 * 1024 * 1024, (4 * 1024 * 1024) + (64 * 1024));
        Assert.Equal(0, await stdio.Input.ReadAsync(new byte[1024]).AsTask().WaitAsync(Patience));
        using var answer = await AnswerAsync();
        Assert.Equal(-32600, answer.RootElement.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Contains(log.Records, record => record.Level == LogLevel.Error);
    }

    [Fact]
    public async Task Passes_a_line_of_exactly_the_limit()
    {
        var stdio = Guard(new StdioLimits { MaxLineBytes = 100_000 });
        var line = """{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":"PAD"}}""";
        line = line.Replace("PAD", new string('p', 100_000 - line.Length + 3), StringComparison.Ordinal);
        var sending = SendAsync(line + "\n" + line.Replace("\"id\":1", "\"id\":12", StringComparison.Ordinal) + "\n");
        var lines = new StreamReader(stdio.Input);

        Assert.Equal(line, await lines.ReadLineAsync().WaitAsync(Patience));
        Assert.Null(await lines.ReadLineAsync().WaitAsync(Patience));
        _toServer.Reader.Complete();
        await sending.WaitAsync(Patience);
    }

    [Fact]
    public async Task Drops_a_broken_response_without_answering_it()
    {
        var stdio = Guard();
        await SendAsync("""{"jsonrpc":"2.0","id":1.5,"result":{}}""" + "\n" + "[]\n");
        _toServer.Writer.Complete();

        Assert.Equal("", await new StreamReader(stdio.Input).ReadToEndAsync().WaitAsync(Patience));
        using var answer = await AnswerAsync();
        Assert.Contains("Batch", answer.RootElement.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Never_mixes_its_own_lines_into_the_librarys()
    {
        var stdio = Guard();
        var output = (GuardedOutput)stdio.Output;
        var library = Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                await output.WriteAsync("""{"jsonrpc":"2.0","id":1,"""u8.ToArray());
                await Task.Yield();
                await output.WriteAsync("""
                    "result":{}}

                    """u8.ToArray());
            }
        });
        var guard = Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
                await output.WriteLineAsync("""{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"m"}}"""u8.ToArray(), CancellationToken.None);
        });

        for (var i = 0; i < 400; i++)
        {
            using var line = await AnswerAsync();
            Assert.Equal(JsonValueKind.Object, line.RootElement.ValueKind);
        }

        await Task.WhenAll(library, guard).WaitAsync(Patience);
    }

    [Fact]
    [Trait("Threat", "T04")]
    public async Task Carries_a_whole_session_of_the_protocol_library()
    {
        var calls = 0;
        var stdio = Guard();
        await using var transport = new StreamServerTransport(stdio.Input, stdio.Output);
        var tool = McpServerTool.Create((string text) => { Interlocked.Increment(ref calls); return text; }, new() { Name = "echo" });
        await using var server = McpServer.Create(transport, new McpServerOptions { ToolCollection = [tool] });
        var running = server.RunAsync();
        await SendAsync("""{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""" + "\n");
        using (var initialized = await AnswerAsync())
            Assert.Equal("2025-11-25", initialized.RootElement.GetProperty("result").GetProperty("protocolVersion").GetString());

        await SendAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","name":"echo","arguments":{"text":"no"}}}""" + "\n");
        using (var refused = await AnswerAsync())
            Assert.Equal(1, refused.RootElement.GetProperty("id").GetInt32());
        await SendAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"text":"yes"}}}""" + "\n");
        using (var answered = await AnswerAsync())
            Assert.Contains("yes", answered.RootElement.GetRawText(), StringComparison.Ordinal);

        Assert.Equal(1, calls);
        _toServer.Writer.Complete();
        await running.WaitAsync(Patience);
    }

    public void Dispose() => _answers.Dispose();

    private GuardedStdio Guard(StdioLimits? limits = null) => new(_toServer.Reader.AsStream(), _toClient.Writer.AsStream(), limits);

    private async Task SendAsync(string text) => await _toServer.Writer.WriteAsync(Encoding.UTF8.GetBytes(text));

    private async Task<JsonDocument> AnswerAsync() =>
        JsonDocument.Parse(await _answers.ReadLineAsync().WaitAsync(Patience) ?? throw new EndOfStreamException("The server said nothing."));
}

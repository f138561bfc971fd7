using System.Net;
using System.Net.Sockets;
using System.Text;
using PolyClaw.Samples.Service.Load;

namespace SampleService.Tests.Load;

public sealed class ServiceClientTests : IDisposable
{
    private readonly FakeService _service = new();
    private readonly ServiceClient _client;

    public ServiceClientTests() => _client = new ServiceClient(new Uri("http://h/orders"), _service, TimeSpan.FromMinutes(1));

    public void Dispose()
    {
        _client.Dispose();
        _service.Dispose();
    }

    [Theory]
    [InlineData(nameof(RequestKind.Quick), "GET", "http://h/orders")]
    [InlineData(nameof(RequestKind.Body), "POST", "http://h/orders")]
    [InlineData(nameof(RequestKind.Slow), "GET", "http://h/orders?ms=400")]
    [InlineData(nameof(RequestKind.Stream), "GET", "http://h/orders/stream?n=5&ms=100")]
    public async Task Each_kind_asks_in_its_way(string kind, string method, string url)
    {
        var answering = _client.AskAsync(Enum.Parse<RequestKind>(kind), "session-3");
        var asked = await _service.NextAsync();
        asked.Answer("", HttpStatusCode.ServiceUnavailable);

        Assert.Equal((method, url, "session-3"), (asked.Method.Method, asked.Url.ToString(), asked.Session));
        Assert.Equal("status 503", (await answering).Failure);
    }

    [Theory]
    [InlineData("""{"version":"v2","host":"h","bytes":0}""", "v2")]
    [InlineData("hello", null)]
    [InlineData("[1]", null)]
    [InlineData("""{"version":7}""", null)]
    [InlineData("""{"version":"\u001b[2J"}""", "?")]
    [InlineData("""{"version":""}""", "?")]
    public async Task The_version_is_what_the_answer_says_if_it_is_a_plain_word(string text, string? version) =>
        Assert.Equal(new Answer(version, null), await AnswerAsync(RequestKind.Quick, text));

    [Theory]
    [InlineData("""{"version":"v1","bytes":65536}""", null)]
    [InlineData("""{"version":"v1","bytes":65535}""", "65535 of 65536 bytes arrived")]
    [InlineData("""{"version":"v1","bytes":"65536"}""", "an unknown number of 65536 bytes arrived")]
    [InlineData("thank you", "an unknown number of 65536 bytes arrived")]
    public async Task A_body_has_to_arrive_whole(string text, string? failure) =>
        Assert.Equal(failure, (await AnswerAsync(RequestKind.Body, text)).Failure);

    [Theory]
    [InlineData(5, null)]
    [InlineData(4, "4 of 5 events")]
    [InlineData(0, "0 of 5 events")]
    [InlineData(6, "6 of 5 events")]
    public async Task Of_a_stream_all_events_have_to_come(int events, string? failure)
    {
        var answer = await AnswerAsync(RequestKind.Stream, string.Concat(Enumerable.Repeat("data: {\"version\":\"v3\"}\n\n", events)));

        Assert.Equal((failure is null ? "v3" : null, failure), (answer.Version, answer.Failure));
    }

    [Fact]
    public async Task An_answer_without_an_end_is_a_failure() =>
        Assert.NotNull((await AnswerAsync(RequestKind.Quick, new string('x', 1_000_000))).Failure);

    [Fact]
    [Trait("Promise", "P55")]
    public async Task A_request_whose_connection_breaks_is_lost_and_not_sent_again_unseen()
    {
        var none = TestContext.Current.CancellationToken;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new ServiceClient(new Uri($"http://{listener.LocalEndpoint}/"), ServiceClient.Handler(1), TimeSpan.FromMinutes(1));

        var first = client.AskAsync(RequestKind.Quick, null);
        using (var connection = await listener.AcceptSocketAsync(none))
        {
            await ReadRequestAsync(connection);
            await connection.SendAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), none);
            Assert.Null((await first).Failure);

            var second = client.AskAsync(RequestKind.Quick, null);
            await ReadRequestAsync(connection);
            var sentAgain = listener.AcceptSocketAsync(none).AsTask();
            connection.Close();
            Assert.Same(second, await Task.WhenAny(second, sentAgain));
            Assert.NotNull((await second).Failure);
        }
    }

    private static async Task ReadRequestAsync(Socket connection)
    {
        var buffer = new byte[4096];
        var text = "";
        while (!text.Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await connection.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
            Assert.NotEqual(0, read);
            text += Encoding.ASCII.GetString(buffer, 0, read);
        }
    }

    private async Task<Answer> AnswerAsync(RequestKind kind, string text)
    {
        var answering = _client.AskAsync(kind, null);
        (await _service.NextAsync()).Answer(text);
        return await answering;
    }
}

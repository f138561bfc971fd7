using System.Net;
using System.Threading.Channels;

namespace SampleService.Tests.Load;

/// <summary>A service that answers when the test says so.</summary>
internal sealed class FakeService : HttpMessageHandler
{
    private readonly Channel<Asked> _asked = Channel.CreateUnbounded<Asked>();

    /// <summary>The next request that arrived.</summary>
    public ValueTask<Asked> NextAsync() => _asked.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>Requests that arrived and were not looked at.</summary>
    public int Waiting => _asked.Reader.Count;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = new Asked(request.Method, request.RequestUri!, request.Headers.TryGetValues("X-Session-Key", out var keys) ? keys.Single() : null);
        _asked.Writer.TryWrite(asked);
        return await asked.Reply.Task.WaitAsync(cancellationToken);
    }

    /// <summary>A request and what will be answered.</summary>
    public sealed record Asked(HttpMethod Method, Uri Url, string? Session)
    {
        // Not run in the middle of the test's own step.
        public TaskCompletionSource<HttpResponseMessage> Reply { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Answer(string text, HttpStatusCode status = HttpStatusCode.OK) =>
            Reply.SetResult(new HttpResponseMessage(status) { Content = new StringContent(text) });
    }
}

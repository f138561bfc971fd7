using System.Net;
using System.Text;
using PolyClaw.Containers.Runtimes;

namespace PolyClaw.Containers.Tests.Engines;

/// <summary>An engine that answers what a test says, with no socket; keeps the last create call's body.</summary>
internal sealed class FakeEngine(Func<string, (HttpStatusCode Status, string Body)>? answer = null) : HttpMessageHandler
{
    public static DockerEndpoint Endpoint { get; } = new(new("unix:///nowhere.sock"), "a fake");

    /// <summary>Body of the last request.</summary>
    public string LastBody { get; private set; } = "";

    /// <summary>Requests that reached the engine.</summary>
    public int Count { get; private set; }

    public DockerEngine Open(TimeProvider? clock = null) => new(Endpoint, new(), clock ?? TimeProvider.System, this);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Count++;
        LastBody = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var (status, body) = answer?.Invoke(request.Method + " " + request.RequestUri!.PathAndQuery) ?? (HttpStatusCode.Created, """{"Id":"c0ffee","Warnings":[]}""");
        return new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json"), RequestMessage = request };
    }
}

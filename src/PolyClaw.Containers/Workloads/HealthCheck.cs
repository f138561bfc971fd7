using System.Net;
using PolyClaw.Containers.Hardening;
using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Workloads;

/// <summary>One question to a replica: is it well? Only an answer of 200 within the time says yes; a redirection is no answer, and no body is read.</summary>
internal sealed class HealthCheck(TimeSpan timeout, TimeProvider clock) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
        MaxResponseHeadersLength = 16,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Asks.</summary>
    /// <param name="address">Where the replica answers.</param>
    /// <param name="path">The path that says how it is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What is wrong; nothing when it is well.</returns>
    public async Task<Fault?> AskAsync(Uri address, string path, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var answer = await _client.GetAsync(new Uri(address, path), HttpCompletionOption.ResponseHeadersRead, both.Token);
            return answer.StatusCode == HttpStatusCode.OK ? null : Ill($"{path} answers {(int)answer.StatusCode}", "it must answer 200");
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return Ill($"{path} does not answer within {timeout.TotalSeconds:0.#} s", "a health path that answers at once");
        }
        catch (HttpRequestException refused)
        {
            return Ill($"{path} cannot be asked: {LaunchRules.Show(refused.Message)}", "the service listens on its port, on all addresses of its container");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static Fault Ill(string message, string right) => new("unhealthy", message, "/health_path", right);
}

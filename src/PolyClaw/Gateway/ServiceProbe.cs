using System.Net;
using PolyClaw.Core.Services;

namespace PolyClaw.Gateway;

/// <summary>Asks a service through the gateway, as its clients do.</summary>
internal sealed class ServiceProbe(TimeProvider clock) : IServiceProbe, IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false, MaxResponseHeadersLength = 64 })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = 1 << 20,
    };

    /// <inheritdoc/>
    public async Task<ProbeResult> AskAsync(Uri address, string path, int requests, CancellationToken cancellationToken)
    {
        var latency = new LatencyHistogram();
        var (good, fault) = (0, (string?)null);
        for (var i = 0; i < requests; i++)
        {
            var began = clock.GetTimestamp();
            var wrong = await AskAsync(new Uri(address, path.TrimStart('/')), cancellationToken);
            latency.Add(clock.GetElapsedTime(began));
            good += wrong is null ? 1 : 0;
            fault ??= wrong;
        }

        return new ProbeResult(requests, good, latency.At(0.95), fault);
    }

    public void Dispose() => _client.Dispose();

    private async Task<string?> AskAsync(Uri address, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Longest, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var answer = await _client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, both.Token);
            return answer.StatusCode < HttpStatusCode.BadRequest ? null : $"it answers {(int)answer.StatusCode}";
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return $"no answer within {Longest.TotalSeconds:0} s";
        }
        catch (HttpRequestException refused)
        {
            return refused.Message;
        }
    }
}

#pragma warning disable xUnit1069 // Every wait is bound by Token, which is the running test's own.
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Containers.Tests.Engines;

namespace PolyClaw.Containers.Tests.Runtimes;

public sealed class DockerEventsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 30_000)]
    [Trait("Fault", "F4")]
    public async Task A_subscription_that_does_not_come_back_is_a_fault_of_the_engines()
    {
        using var engine = new OneSubscription();
        var clock = new FakeTimeProvider();
        using var docker = new DockerEngine(FakeEngine.Endpoint, new(), clock, engine);
        await using var events = await DockerEvents.SubscribeAsync(docker, "polyclaw.instance=i", "0", clock, NullLogger.Instance, Token);
        var waiting = events.EnsureAsync(Token);
        while (waiting.IsCompleted)
        {
            // The end of the first subscription is on its way.
            await Task.Yield();
            waiting = events.EnsureAsync(Token);
        }

        await engine.Again.WaitAsync(Token);
        clock.Advance(docker.Deadlines.Call);
        Assert.Equal("engine_timeout", (await Assert.ThrowsAsync<RuntimeFaultException>(() => waiting)).Fault.Code);
    }

    /// <summary>An engine whose events end at once, and then never begin again.</summary>
    private sealed class OneSubscription : HttpMessageHandler
    {
        private readonly TaskCompletionSource _again = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _asked;

        public Task Again => _again.Task;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _asked) > 1)
            {
                _again.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            return new(HttpStatusCode.OK) { Content = new StringContent(""), RequestMessage = request };
        }
    }
}

using System.Net;
using Microsoft.Extensions.Time.Testing;
using PolyClaw.Http;

namespace PolyClaw.Tests.Http;

public sealed class RateGuardTests
{
    [Fact]
    [Trait("BadInput", "B25")]
    [Trait("Threat", "T18")]
    public async Task Runs_16_calls_at_once_and_answers_429_to_the_others()
    {
        await using var host = await HttpHost.StartAsync();
        var running = new List<Task<HttpResponseMessage>>();
        for (var i = 0; i < 16; i++)
        {
            running.Add(host.SendAsync(HttpText.Call("wait", id: $"{i}"), name: "wait"));
            await host.Tools.StartedAsync();
        }

        foreach (var refused in await Task.WhenAll(Enumerable.Range(100, 284).Select(i => host.SendAsync(HttpText.Call("wait", id: $"{i}"), name: "wait"))))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.True(refused.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
            Assert.InRange(HttpText.Code(await HttpText.ReadAsync(refused)), -32099, -32000);
            refused.Dispose();
        }

        using (var other = await host.SendAsync(HttpText.Call(), request =>
        {
            request.Headers.Remove("Authorization");
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {HttpHost.OtherToken}");
        }))
            Assert.Equal(HttpStatusCode.OK, other.StatusCode);

        Assert.Equal(17, host.Calls);
        host.Tools.Release();
        foreach (var response in await Task.WhenAll(running))
        {
            Assert.Contains("waited", (await HttpText.ReadAsync(response)).GetRawText(), StringComparison.Ordinal);
            response.Dispose();
        }

        using var next = await host.SendAsync(HttpText.Call());
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    [Trait("BadInput", "B25")]
    public async Task Answers_429_to_a_burst_and_serves_again_when_time_has_passed()
    {
        var clock = new FakeTimeProvider();
        await using var host = await HttpHost.StartAsync(options => (options.MessagesPerSecond, options.MessageBurst) = (20, 40), clock);
        for (var i = 0; i < 40; i++)
        {
            using var served = await host.SendAsync(HttpText.Call());
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        }

        using (var refused = await host.SendAsync(HttpText.Call()))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        }

        Assert.Equal(40, host.Calls);
        clock.Advance(TimeSpan.FromMilliseconds(50));
        using var later = await host.SendAsync(HttpText.Call());
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Fact]
    public void Fills_a_bucket_no_further_than_its_burst()
    {
        var clock = new FakeTimeProvider();
        var bucket = new TokenBucket(2, 3, clock);
        clock.Advance(TimeSpan.FromHours(1));

        Assert.True(bucket.TryTake(out _) && bucket.TryTake(out _) && bucket.TryTake(out _));
        Assert.False(bucket.TryTake(out var retryAfter));
        Assert.Equal(TimeSpan.FromSeconds(0.5), retryAfter);
        clock.Advance(retryAfter);
        Assert.True(bucket.TryTake(out _));
    }
}

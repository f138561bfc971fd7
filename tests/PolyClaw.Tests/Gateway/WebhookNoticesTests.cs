#pragma warning disable xUnit1069 // Every wait is bound by Token, which is the running test's own.
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PolyClaw.Core.Services;
using PolyClaw.Gateway;

namespace PolyClaw.Tests.Gateway;

[Trait("Promise", "P54")]
public sealed class WebhookNoticesTests
{
    private const int TestTimeout = 60_000;

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeout)]
    public async Task A_notice_is_posted_signed_and_tried_again_until_it_is_taken()
    {
        var (heard, taken) = (new List<(string Attempt, string Signature, string Body)>(), new TaskCompletionSource());
        await using var hook = await FakeReplica.StartAsync(1, 1, async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            heard.Add((context.Request.Headers["X-PolyClaw-Attempt"]!, context.Request.Headers["X-PolyClaw-Signature"]!, await reader.ReadToEndAsync(Token)));
            context.Response.StatusCode = heard.Count < 3 ? 503 : 204;
            if (heard.Count == 3)
                taken.TrySetResult();
        });
        using var notices = Notices(hook.Route.Address.ToString(), "key");
        await notices.StartAsync(Token);
        notices.Tell(new ServiceNotice("rolled_back", "local", "web", 2, "version 2 of web was given up", DateTimeOffset.UnixEpoch));
        while (!taken.Task.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(taken.Task, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token));
        }

        Assert.Equal(["1", "2", "3"], heard.Select(h => h.Attempt));
        Assert.Single(heard.Select(h => h.Body).Distinct());
        Assert.Equal("""{"kind":"rolled_back","tenant":"local","service":"web","version":2,"text":"version 2 of web was given up","at":"1970-01-01T00:00:00+00:00"}""", heard[0].Body);
        Assert.Equal(WebhookNotices.Sign("key", Encoding.UTF8.GetBytes(heard[0].Body)), heard[0].Signature);
        await notices.StopAsync(Token);
    }

    /// <summary>RFC 4231, test case 2.</summary>
    [Fact]
    public void The_signature_is_the_HMAC_of_the_standard() =>
        Assert.Equal("sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", WebhookNotices.Sign("Jefe", "what do ya want for nothing?"u8.ToArray()));

    private WebhookNotices Notices(string address, string secret) =>
        new(Options.Create(new NoticeOptions { Webhook = address, Secret = secret }), _clock, NullLogger<WebhookNotices>.Instance);
}

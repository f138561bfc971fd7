using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using PolyClaw.Core.Services;

namespace PolyClaw.Gateway;

/// <summary>Sends notices to a webhook, one after another, signed, each tried again for a while. What it cannot send stands in the log.</summary>
internal sealed partial class WebhookNotices(IOptions<NoticeOptions> options, TimeProvider clock, ILogger<WebhookNotices> log) : BackgroundService, IServiceNotices
{
    private const int MostWaiting = 1000;
    private const int Attempts = 6;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly Channel<ServiceNotice> _notices = Channel.CreateBounded<ServiceNotice>(MostWaiting);

    /// <inheritdoc/>
    public void Tell(ServiceNotice notice)
    {
        LogNotice(notice.Kind, notice.Text);
        if (options.Value.Webhook is not null && !_notices.Writer.TryWrite(notice))
            LogLost(notice.Kind, $"{MostWaiting} wait already");
    }

    /// <summary>The signature of a body: HMAC-SHA256 in hex.</summary>
    public static string Sign(string secret, byte[] body) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
        await foreach (var notice in _notices.Reader.ReadAllAsync(stoppingToken))
            await SendAsync(client, notice, stoppingToken);
    }

    private async Task SendAsync(HttpClient client, ServiceNotice notice, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(notice, NoticeJson.Default.ServiceNotice);
        var why = "";
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            if (attempt > 1)
                await Task.Delay(TimeSpan.FromSeconds(Math.Pow(2, attempt - 2)), clock, cancellationToken);
            using var request = new HttpRequestMessage(HttpMethod.Post, options.Value.Webhook) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.TryAddWithoutValidation("X-PolyClaw-Event", notice.Kind);
            request.Headers.TryAddWithoutValidation("X-PolyClaw-Attempt", attempt.ToString(CultureInfo.InvariantCulture));
            if (options.Value.Secret is { Length: > 0 } secret)
                request.Headers.TryAddWithoutValidation("X-PolyClaw-Signature", Sign(secret, body));
            using var deadline = new CancellationTokenSource(Longest, clock);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
            try
            {
                using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
                if (answer.IsSuccessStatusCode)
                    return;
                why = $"it answers {(int)answer.StatusCode}";
            }
            catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                why = e.Message;
            }
        }

        LogLost(notice.Kind, why);
    }

    [LoggerMessage(LogLevel.Information, "Notice {Kind}: {Text}")]
    private partial void LogNotice(string kind, string text);

    [LoggerMessage(LogLevel.Error, "A notice of {Kind} could not be sent to the webhook: {Why}")]
    private partial void LogLost(string kind, string why);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ServiceNotice))]
internal sealed partial class NoticeJson : JsonSerializerContext;

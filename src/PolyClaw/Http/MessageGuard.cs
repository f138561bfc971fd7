using System.Net.Mime;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using PolyClaw.Mcp.Wire;

namespace PolyClaw.Http;

/// <summary>Reads each message within its limits and judges it strictly before the protocol library parses the same bytes.</summary>
internal sealed partial class MessageGuard(RequestDelegate next, McpHttpOptions options, TimeProvider clock, ILogger<MessageGuard> log)
{
    private readonly BodyReader _reader = new(options, clock);

    public async Task InvokeAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            await next(context);
            return;
        }

        if (MediaFault(context.Request) is { } media)
        {
            await HttpRefusal.WriteAsync(context, StatusCodes.Status415UnsupportedMediaType, media, "Send application/json in UTF-8, not compressed.");
            return;
        }

        PooledBody body;
        try
        {
            body = await _reader.ReadAsync(context.Request, context.RequestAborted);
        }
        catch (BadHttpRequestException e)
        {
            LogRefused(e.StatusCode, e.Message);
            if (e.StatusCode == StatusCodes.Status503ServiceUnavailable)
                await HttpRefusal.WriteBusyAsync(context, e.StatusCode, TimeSpan.FromSeconds(1), null, e.Message);
            else
                await HttpRefusal.WriteAsync(context, e.StatusCode, e.Message, $"Send at most {options.MaxBodyBytes} bytes, without pauses.");
            return;
        }

        using (body)
            await JudgeAsync(context, body);
    }

    private async Task JudgeAsync(HttpContext context, PooledBody body)
    {
        if (IsUtf16(body.Bytes.Span))
        {
            await HttpRefusal.WriteAsync(context, StatusCodes.Status415UnsupportedMediaType, "The body is UTF-16.", "Send it in UTF-8.");
            return;
        }

        var start = body.Bytes.Span.StartsWith("\uFEFF"u8) ? 3 : 0;
        var verdict = StrictJsonRpc.Check(body.Bytes.Span[start..]);
        if (verdict.Fault is { } fault)
        {
            LogRefused(fault.Code, fault.Message);
            await HttpRefusal.WriteAsync(context, StatusCodes.Status400BadRequest, RpcErrors.Answer(verdict.Id, fault));
            return;
        }

        if (EnvelopeRules.Judge(context.Request.Headers, verdict) is { } refusal)
        {
            await HttpRefusal.WriteAsync(context, StatusCodes.Status400BadRequest, refusal);
            return;
        }

        context.Request.Body = new ReplayedBody(body, start);
        if (verdict.Kind == RpcKind.Request)
            await ServeAsync(context, verdict.Id);
        else
            await next(context); // Answers and cancellations get through however many calls wait for them.
    }

    private async Task ServeAsync(HttpContext context, RpcId id)
    {
        var budget = context.Features.GetRequiredFeature<CallBudget>();
        // The header is believed because the protocol library refuses a request whose body names another method.
        var listens = context.Request.Headers["Mcp-Method"] == "subscriptions/listen";
        var slots = listens ? budget.Streams : budget.Requests;
        if (!slots.TryEnter())
        {
            await HttpRefusal.WriteBusyAsync(
                context, StatusCodes.Status429TooManyRequests, TimeSpan.FromSeconds(1), id,
                listens ? "Too many open event streams." : $"More than {options.ConcurrentRequests} requests in progress.");
            return;
        }

        try
        {
            await next(context);
        }
        finally
        {
            slots.Leave();
        }
    }

    private static string? MediaFault(HttpRequest request)
    {
        if (request.Headers.ContentEncoding is [not "identity"] or { Count: > 1 })
            return "The body is compressed.";
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase))
            return "The body is not application/json.";
        var charset = HeaderUtilities.RemoveQuotes(type.Charset);
        return charset.HasValue && charset.Length > 0 && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            ? "The body is not in UTF-8."
            : null;
    }

    /// <summary>JSON starts with two ASCII characters, so a NUL among the first two bytes means 16-bit units.</summary>
    private static bool IsUtf16(ReadOnlySpan<byte> body) =>
        body.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || body.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])
        || (body.Length >= 2 && (body[0] == 0) != (body[1] == 0));

    [LoggerMessage(LogLevel.Information, "Refused a message with {Code}: {Reason}")]
    private partial void LogRefused(int code, string reason);
}

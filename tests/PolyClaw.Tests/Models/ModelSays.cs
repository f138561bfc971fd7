using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace PolyClaw.Tests.Models;

/// <summary>One scripted answer of the model double, as bytes on the wire.</summary>
internal sealed class ModelSays(Func<HttpContext, bool, CancellationToken, Task> play)
{
    private const int PieceLength = 400;

    public Task PlayAsync(HttpContext context, bool stream, CancellationToken cancellationToken) => play(context, stream, cancellationToken);

    /// <summary>A whole answer: in pieces when streaming was asked for, else plain.</summary>
    public static ModelSays Text(string text, int inputTokens = 120, int outputTokens = 30, string finish = "stop") => new(async (context, stream, token) =>
    {
        if (!stream)
        {
            await WriteAsync(context, "application/json", JsonSerializer.Serialize(new
            {
                id = "chatcmpl-1",
                @object = "chat.completion",
                created = 1,
                model = "double",
                choices = new[] { new { index = 0, message = new { role = "assistant", content = text }, finish_reason = finish } },
                usage = new { prompt_tokens = inputTokens, completion_tokens = outputTokens, total_tokens = inputTokens + outputTokens },
            }), token);
            return;
        }

        await BeginAsync(context, token);
        for (var at = 0; at < text.Length; at += PieceLength)
            await PieceAsync(context, text.Substring(at, Math.Min(PieceLength, text.Length - at)), null, token);
        await PieceAsync(context, null, finish, token);
        await EventAsync(context, JsonSerializer.Serialize(new
        {
            id = "chatcmpl-1",
            @object = "chat.completion.chunk",
            created = 1,
            model = "double",
            choices = Array.Empty<object>(),
            usage = new { prompt_tokens = inputTokens, completion_tokens = outputTokens, total_tokens = inputTokens + outputTokens },
        }), token);
        await EventAsync(context, "[DONE]", token);
    });

    /// <summary>An error as the API forms it.</summary>
    public static ModelSays Status(HttpStatusCode code, string message = "no", params (string Name, string Value)[] headers) => new((context, _, token) =>
    {
        context.Response.StatusCode = (int)code;
        foreach (var (name, value) in headers)
            context.Response.Headers[name] = value;
        return WriteAsync(context, "application/json", JsonSerializer.Serialize(new { error = new { message, type = "error", code = "scripted" } }), token);
    });

    /// <summary>Any body at all.</summary>
    public static ModelSays Body(string contentType, string body) => new((context, _, token) => WriteAsync(context, contentType, body, token));

    /// <summary>Some events, each the JSON of one chunk's <c>delta</c>, then the end.</summary>
    public static ModelSays Deltas(params string[] deltas) => new(async (context, _, token) =>
    {
        await BeginAsync(context, token);
        foreach (var delta in deltas)
            await EventAsync(context, Chunk(delta, null), token);
        await EventAsync(context, Chunk("{}", "stop"), token);
        await EventAsync(context, "[DONE]", token);
    });

    /// <summary>Begins well, then the connection breaks.</summary>
    public static ModelSays Broken(string text) => new(async (context, _, token) =>
    {
        await BeginAsync(context, token);
        await PieceAsync(context, text, null, token);
        context.Abort();
    });

    /// <summary>Begins well, then ends as if that were all: no finish reason, no end mark.</summary>
    public static ModelSays CutOff(string text) => new(async (context, _, token) =>
    {
        await BeginAsync(context, token);
        await PieceAsync(context, text, null, token);
    });

    /// <summary>Never ends of itself.</summary>
    public static ModelSays Endless(string piece) => new(async (context, _, token) =>
    {
        await BeginAsync(context, token);
        while (!token.IsCancellationRequested)
            await PieceAsync(context, piece, null, token);
    });

    /// <summary>One event that never ends.</summary>
    public static ModelSays EndlessLine() => new(async (context, _, token) =>
    {
        await BeginAsync(context, token);
        await context.Response.WriteAsync("data: {\"", token);
        var much = new string('x', 64 * 1024);
        while (!token.IsCancellationRequested)
            await context.Response.WriteAsync(much, token);
    });

    /// <summary>Begins, tells the test, and then is silent until the client goes.</summary>
    public static ModelSays Silence(TaskCompletionSource began) => new(async (context, _, token) =>
    {
        await BeginAsync(context, token);
        await PieceAsync(context, "{", null, token);
        began.TrySetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
    });

    private static async Task BeginAsync(HttpContext context, CancellationToken token)
    {
        context.Response.ContentType = "text/event-stream";
        await EventAsync(context, Chunk("""{"role":"assistant","content":""}""", null), token);
    }

    private static Task PieceAsync(HttpContext context, string? text, string? finish, CancellationToken token) =>
        EventAsync(context, Chunk(text is null ? "{}" : JsonSerializer.Serialize(new { content = text }), finish), token);

    private static string Chunk(string delta, string? finish) =>
        $$"""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"double","choices":[{"index":0,"delta":{{delta}},"finish_reason":{{JsonSerializer.Serialize(finish)}}}]}""";

    private static async Task EventAsync(HttpContext context, string data, CancellationToken token)
    {
        await context.Response.WriteAsync("data: " + data + "\n\n", token);
        await context.Response.Body.FlushAsync(token);
    }

    private static Task WriteAsync(HttpContext context, string contentType, string body, CancellationToken token)
    {
        context.Response.ContentType = contentType;
        return context.Response.WriteAsync(body, token);
    }
}

using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PolyClaw.Models;

namespace PolyClaw.Tests.Models;

/// <summary>
/// An OpenAI-compatible server on a free loopback port that plays what a test wrote down, the last answer again and again, and remembers
/// what it was asked.
/// </summary>
internal sealed class ModelDouble : IAsyncDisposable
{
    public const string Key = "sk-canary-0123456789abcdef";

    private readonly WebApplication _app;
    private readonly ModelSays[] _answers;
    private readonly ConcurrentQueue<Asked> _asked = new();
    private int _calls;

    private ModelDouble(WebApplication app, ModelSays[] answers)
    {
        (_app, _answers) = (app, answers);
        KeyVariable = "POLYCLAW_TEST_KEY_" + Guid.NewGuid().ToString("N");
        Environment.SetEnvironmentVariable(KeyVariable, Key);
    }

    /// <summary>The requests that came, in order.</summary>
    public IReadOnlyList<Asked> Requests => [.. _asked];

    /// <summary>The variable that holds the key; each double has one of its own.</summary>
    public string KeyVariable { get; }

    public string Endpoint => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/v1";

    public ModelOptions Options => new() { Endpoint = Endpoint, Name = "double", KeyVariable = KeyVariable, TimeoutSeconds = 120 };

    public static Task<ModelDouble> StartAsync(params string[] texts) => StartAsync([.. texts.Select(t => ModelSays.Text(t))]);

    public static async Task<ModelDouble> StartAsync(params ModelSays[] answers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(o => o.Limits.MaxRequestBodySize = 64 << 20);
        var model = new ModelDouble(builder.Build(), answers);
        model._app.Run(model.AnswerAsync);
        await model._app.StartAsync();
        return model;
    }

    public async ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable(KeyVariable, null);
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        if (context.Request.Method != "POST" || context.Request.Path != "/v1/chat/completions")
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var number = Interlocked.Increment(ref _calls);
        _asked.Enqueue(new Asked(
            context.Request.Headers.Select(h => $"{h.Key}: {h.Value}").ToList(), context.Request.QueryString.Value ?? "", body));
        var stream = JsonElement.Parse(body).TryGetProperty("stream", out var asked) && asked.GetBoolean();
        try
        {
            await _answers[Math.Min(number, _answers.Length) - 1].PlayAsync(context, stream, context.RequestAborted);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client has heard enough.
        }
    }
}

/// <summary>A request as it came over the wire.</summary>
/// <param name="Headers">Each <c>Name: value</c>.</param>
/// <param name="Query">The query string.</param>
/// <param name="Body">The JSON.</param>
internal sealed record Asked(IReadOnlyList<string> Headers, string Query, string Body)
{
    public JsonElement Json => JsonElement.Parse(Body);

    /// <summary>The messages, each <c>role: text</c>.</summary>
    public IReadOnlyList<string> Messages => [.. Json.GetProperty("messages").EnumerateArray().Select(m =>
        m.GetProperty("role").GetString() + ": " + Text(m.GetProperty("content")))];

    private static string Text(JsonElement content) => content.ValueKind is JsonValueKind.String
        ? content.GetString()!
        : string.Concat(content.EnumerateArray().Select(part => part.GetProperty("text").GetString()));
}

using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using OpenAI;

namespace PolyClaw.Models;

/// <summary>Connects to an OpenAI-compatible API, with everything around it that keeps an answer within bounds.</summary>
internal static class ModelConnection
{
    /// <summary>What a server that needs no key is sent, since the client wants one.</summary>
    private const string NoKey = "none";

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>A client that ends every answer within <see cref="ModelOptions.TimeoutSeconds"/>, retries included, and throws only faults a person can act on.</summary>
    /// <param name="options">Which model, where.</param>
    /// <param name="clock">Measures deadlines and the waits between attempts.</param>
    public static IChatClient Open(ModelOptions options, TimeProvider clock)
    {
        var limit = TimeSpan.FromSeconds(options.TimeoutSeconds);
        var settings = new OpenAIClientOptions
        {
            // The deadline over the whole answer is the bounded client's, which the library's own, begun anew at every read, is not.
            NetworkTimeout = Timeout.InfiniteTimeSpan,
            RetryPolicy = new ModelRetries(clock),
            Transport = new HttpClientPipelineTransport(Http()),
        };
        if (options.Endpoint is { } endpoint)
            settings.Endpoint = new Uri(endpoint);
        var key = options.Key;
        var client = new OpenAIClient(new ApiKeyCredential(key ?? NoKey), settings).GetChatClient(options.Name).AsIChatClient();
        return new BoundedModel(client, limit, clock, new ModelFaults(options, key, clock));
    }

    // No redirect is followed: the key goes to the configured address alone.
    private static HttpClient Http() => new(new AnswerLimit(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = ConnectionLifetime,
        UseCookies = false,
    }))
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
}

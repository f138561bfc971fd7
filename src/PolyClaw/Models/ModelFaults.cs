using System.ClientModel;
using System.Net.Sockets;
using System.Text.Json;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Planning;
using PolyClaw.Core.Planning.Models;

namespace PolyClaw.Models;

/// <summary>Says in words what went wrong with a model and what to do, whatever the client library threw. Never shows a key.</summary>
/// <param name="options">Which model, where.</param>
/// <param name="key">The key, to take it out of what a server says.</param>
/// <param name="clock">Tells how long a date of Retry-After is away.</param>
internal sealed class ModelFaults(ModelOptions options, string? key, TimeProvider clock)
{
    private const int Shown = 300;

    private string Where => options.Endpoint is { } endpoint ? new Uri(endpoint).GetLeftPart(UriPartial.Path) : "OpenAI";

    /// <summary>The deadline passed.</summary>
    public Fault TooSlow() => Unavailable(
        $"'{options.Name}' at {Where} did not finish its answer within {options.TimeoutSeconds} s",
        "try again, raise Model:TimeoutSeconds (600 at most), or choose a faster model with Model:Name");

    /// <summary>A fault for what was thrown, or nothing when it is no fault of the model's.</summary>
    /// <param name="exception">What was thrown.</param>
    public Fault? Of(Exception exception) => exception switch
    {
        ModelFaultException known => known.Fault,
        AggregateException { InnerExceptions: [.., var last] } => Of(last), // one a retry
        ClientResultException { Status: > 0 } answered => OfStatus(answered),
        ClientResultException or HttpRequestException or IOException or SocketException => Unavailable(
            $"the connection to {Where} failed: {Quote(exception.InnerException?.Message ?? exception.Message)}",
            "check Model:Endpoint, and that the model's server is running and can be reached"),
        OperationCanceledException or TimeoutException => TooSlow(),
        // How the library says that an answer is not of the API's form.
        JsonException or FormatException or InvalidOperationException or ArgumentException or KeyNotFoundException or NotSupportedException => Unavailable(
            $"{Where} answered in a form that is not the chat completions API ({exception.GetType().Name})",
            "check that Model:Endpoint is the base address of an OpenAI-compatible API, for example http://127.0.0.1:11434/v1"),
        _ => null,
    };

    private Fault OfStatus(ClientResultException answered)
    {
        var said = Quote(answered.Message);
        return answered.Status switch
        {
            401 or 403 => Unavailable(
                $"{Where} refused the key (HTTP {answered.Status}): {said}",
                key is null ? $"set {options.KeyVariable} to a key of that server" : $"put a valid key into {options.KeyVariable}, or name another variable with Model:KeyVariable"),
            404 => Unavailable(
                $"{Where} does not know the model '{options.Name}', or is not an API's address (HTTP 404): {said}", "check Model:Name and Model:Endpoint"),
            429 => Unavailable(
                $"{Where} takes no more requests now (HTTP 429): {said}",
                ModelRetries.Asked(answered.GetRawResponse(), clock) is { } wait && wait > TimeSpan.Zero
                    ? $"try again in {Math.Ceiling(wait.TotalSeconds):0} s, or check the account's limits"
                    : "try again later, or check the account's limits"),
            >= 500 => Unavailable($"{Where} failed (HTTP {answered.Status}), also after {ModelRetries.Most} retries: {said}", "try again later"),
            >= 300 and < 400 => Unavailable($"{Where} redirects elsewhere (HTTP {answered.Status}), which is not followed", "set Model:Endpoint to the address it redirects to, if that is right"),
            _ => Unavailable($"{Where} refused the request (HTTP {answered.Status}): {said}", "check that the model of Model:Name answers in JSON and takes prompts of this size"),
        };
    }

    private string Quote(string text)
    {
        var plain = key is null ? text : text.Replace(key, "[key]", StringComparison.Ordinal);
        plain = string.Join(' ', plain.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return plain.Length <= Shown ? plain : plain[..Shown] + "…";
    }

    private static Fault Unavailable(string message, string fix) => new(PlanFault.ModelUnavailable, message, null, fix);
}

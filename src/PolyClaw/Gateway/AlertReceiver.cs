using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;
using PolyClaw.Http;
using PolyClaw.Instances;

namespace PolyClaw.Gateway;

/// <summary>
/// Takes Alertmanager's webhook at <c>/-/alerts</c> and carries out the goal that the settings name for the alert: a run like any other, past the
/// same gate. An alert that fires again while its run goes on sets off no second one.
/// </summary>
internal sealed partial class AlertReceiver(Runs runs, Home home, IOptions<AlertOptions> options, ILogger<AlertReceiver> log) : IDisposable
{
    public const string Path = "/-/alerts";

    private const int MostBytes = 1 << 20;
    private const int MostAlerts = 100;
    private const int LongestName = 200;

    private readonly ConcurrentDictionary<string, RunId> _runs = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly Lazy<byte[]> _token = new(() => SHA256.HashData(Encoding.UTF8.GetBytes(AccessTokenFile.ReadOrCreate(home.Token))));

    /// <summary>Makes the token that senders need, where there is an alert to take.</summary>
    public void Prepare()
    {
        if (options.Value.Goals.Count > 0)
            _ = _token.Value;
    }

    /// <summary>Answers a request that is an alert's, and says whether it was.</summary>
    public async Task<bool> AnswerAsync(HttpContext context)
    {
        if (context.Request.Path != Path)
            return false;
        if (!HttpMethods.IsPost(context.Request.Method))
            return await RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, "alerts are posted");
        if (!IsAllowed(context.Request))
            return await RefuseAsync(context, StatusCodes.Status401Unauthorized, $"send the header Authorization: Bearer TOKEN, with the token in {home.Token}");
        AlertMessage? message;
        try
        {
            message = await ReadAsync(context.Request, context.RequestAborted);
        }
        catch (JsonException wrong)
        {
            return await RefuseAsync(context, StatusCodes.Status400BadRequest, "this is no webhook message of Alertmanager's: " + wrong.Message);
        }

        if (message?.Alerts is not { Count: <= MostAlerts } alerts)
            return await RefuseAsync(context, StatusCodes.Status400BadRequest, $"a message holds a list of at most {MostAlerts} alerts, and at most {MostBytes} bytes");
        var answer = await SetOffAsync([.. alerts.Where(a => a is { Status: "firing" }).Select(a => a.Labels?.GetValueOrDefault("alertname")).OfType<string>().Distinct()]);
        context.Response.StatusCode = answer is null ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        context.Response.ContentType = "application/json";
        if (answer is not null)
            await context.Response.WriteAsync(JsonSerializer.Serialize(answer, AlertJson.Default.AlertAnswer), context.RequestAborted);
        return true;
    }

    /// <returns>What was set off; nothing when a run could not be begun, and the sender is to try again.</returns>
    private async Task<AlertAnswer?> SetOffAsync(IReadOnlyList<string> names)
    {
        var (begun, ignored) = (new List<string>(), new List<string>());
        await _one.WaitAsync();
        try
        {
            foreach (var name in names)
            {
                if (!options.Value.Goals.TryGetValue(name, out var goal))
                {
                    ignored.Add(name.Length <= LongestName ? name : name[..LongestName]);
                    continue;
                }

                if (_runs.TryGetValue(name, out var known) && runs.Find(Principal.LocalTenant, known) is { } view && !view.Status.IsTerminal())
                {
                    begun.Add(known.Value);
                    continue;
                }

                var (run, fault) = await runs.StartAsync(new RunOrder(goal, new Principal(Principal.LocalTenant, "alert " + name, PrincipalKind.Agent), PlanOnly: false, new RunLimits(), []));
                if (fault is not null)
                {
                    LogRefused(log, name, fault.ToString());
                    return null;
                }

                _runs[name] = run;
                begun.Add(run.Value);
                LogSetOff(log, name, run.Value);
            }
        }
        finally
        {
            _one.Release();
        }

        return new AlertAnswer(begun, ignored);
    }

    public void Dispose() => _one.Dispose();

    private bool IsAllowed(HttpRequest request) =>
        AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var given) && given.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) && given.Parameter is { } token
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(token)), _token.Value);

    private static async Task<AlertMessage?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var buffer = new byte[MostBytes + 1];
        var read = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return read > MostBytes ? null : JsonSerializer.Deserialize(buffer.AsSpan(0, read), AlertJson.Default.AlertMessage);
    }

    private static async Task<bool> RefuseAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(message + "\n", context.RequestAborted);
        return true;
    }

    [LoggerMessage(LogLevel.Information, "Alert {Alert} set off {Run}")]
    private static partial void LogSetOff(ILogger log, string alert, string run);

    [LoggerMessage(LogLevel.Error, "Alert {Alert} could not set off its run: {Why}")]
    private static partial void LogRefused(ILogger log, string alert, string why);
}

using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using PolyClaw.Samples.Service;
using PolyClaw.Samples.Service.Load;

// One processor means one pool thread, and a thread that waits would be the only one.
ThreadPool.SetMinThreads(4, 4);
var (settings, load) = (new Settings(), (LoadSettings?)null);
try
{
    if (args is ["load", .. var flags])
        load = LoadSettings.Parse(flags);
    else if (args is ["hook", "--port", var port] && int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var hook) && hook is > 0 and <= 65_535)
        return await Hook.RunAsync(hook);
    else
        settings = Settings.Parse(args);
}
catch (ArgumentException wrong)
{
#pragma warning disable RS0030 // Whoever started it reads this.
    Console.Error.WriteLine($"sample-service: {wrong.Message}");
#pragma warning restore RS0030
    return 2;
}

if (load is not null)
    return await LoadCommand.RunAsync(load);
var started = Stopwatch.GetTimestamp();
using var places = settings.Concurrency > 0 ? new SemaphoreSlim(settings.Concurrency) : null;

var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = "/" });
builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenAnyIP(settings.Port));
var app = builder.Build();
app.Run(context => context.Request.Path.Value switch
{
    "/healthz" => HealthAsync(context),
    "/stream" => StreamAsync(context),
    _ => AnswerAsync(context),
});
using var term = settings.IgnoreTerm ? PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = true) : null;
await app.StartAsync();
if (settings.CrashAfterMs > 0)
{
    await PauseAsync(settings.CrashAfterMs, CancellationToken.None);
    Environment.Exit(1);
}

// Ends when it is asked to, once what is in flight has been answered.
var ended = new TaskCompletionSource();
using var asked = settings.IgnoreTerm ? null : PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => { signal.Cancel = true; ended.TrySetResult(); });
await ended.Task;
await app.StopAsync();
return 0;

static Task PauseAsync(int milliseconds, CancellationToken cancellationToken) =>
    Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, cancellationToken);

Task HealthAsync(HttpContext context)
{
    var age = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    var well = age >= settings.StartMs && (settings.SickAfterMs == 0 || age < settings.SickAfterMs);
    context.Response.StatusCode = well ? 200 : 503;
    return context.Response.WriteAsync(well ? "ok\n" : "not well\n");
}

// Any path: says which version answered, after its latency; a body is counted and given back as a number.
async Task AnswerAsync(HttpContext context)
{
    var cancelled = context.RequestAborted;
    if (places is not null)
        await places.WaitAsync(cancelled);
    try
    {
        var latency = int.TryParse(context.Request.Query["ms"], NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : settings.LatencyMs;
        if (latency > 0)
            await PauseAsync(latency, cancelled);
    }
    finally
    {
        places?.Release();
    }

    var bytes = 0L;
    var buffer = new byte[16 * 1024];
    while (await context.Request.Body.ReadAsync(buffer, cancelled) is var read and > 0)
        bytes += read;
    if (Random.Shared.NextDouble() < settings.ErrorRate)
        context.Response.StatusCode = 500;
    context.Response.ContentType = "application/json";
    await context.Response.WriteAsync($$"""{"version":"{{settings.Version}}","host":"{{Environment.MachineName}}","bytes":{{bytes}}}""" + "\n", cancelled);
}

// Server-sent events: n of them, ms milliseconds apart.
async Task StreamAsync(HttpContext context)
{
    var count = int.TryParse(context.Request.Query["n"], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 10;
    var pause = int.TryParse(context.Request.Query["ms"], NumberStyles.None, CultureInfo.InvariantCulture, out var ms) ? ms : 100;
    context.Response.ContentType = "text/event-stream";
    for (var i = 1; i <= count; i++)
    {
        await context.Response.WriteAsync($"data: {{\"version\":\"{settings.Version}\",\"event\":{i}}}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        if (i < count)
            await PauseAsync(pause, context.RequestAborted);
    }
}

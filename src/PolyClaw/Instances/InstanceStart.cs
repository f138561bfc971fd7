using ModelContextProtocol.Protocol;
using PolyClaw.Core;
using PolyClaw.Core.Journal;
using PolyClaw.Gateway;

namespace PolyClaw.Instances;

/// <summary>
/// Takes up what the last instance left. The journal is opened before anybody is served, for a home that cannot be used must say so to
/// whoever starts it; the rest (which runtime is there, what lies about, the runs) goes on while clients say hello, and whatever
/// needs it waits.
/// </summary>
internal sealed partial class InstanceStart(IServiceProvider services, IHostApplicationLifetime life, ILogger<InstanceStart> log) : IHostedService
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when everything was taken up; fails when it could not be, and then the instance ends.</summary>
    public Task Ready => _ready.Task;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        services.GetRequiredService<Journal>();
        services.GetRequiredService<AlertReceiver>().Prepare();
        _ = Task.Run(() => TakeUpAsync(life.ApplicationStopping), CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken) =>
        await _ready.Task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Whether a message can be answered before everything was taken up: greetings, and what never changes.</summary>
    public static bool CanAnswerBefore(JsonRpcMessage message) =>
        message is not JsonRpcRequest { Method: not (RequestMethods.Initialize or RequestMethods.Ping or RequestMethods.ServerDiscover or RequestMethods.ToolsList) };

    private async Task TakeUpAsync(CancellationToken stopping)
    {
        try
        {
            var runs = await CoreServices.ResumeAsync(services, stopping);
            LogStarted(log, Environment.ProcessId, BuildId.Current.ToString(), runs);
            _ready.SetResult();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            _ready.SetCanceled(stopping);
        }
        catch (Exception e)
        {
            LogFailed(log, e);
            _ready.SetException(e);
            life.StopApplication();
        }
    }

    [LoggerMessage(LogLevel.Information, "Instance {Pid} of build {Build} started; {Runs} runs go on")]
    private static partial void LogStarted(ILogger logger, int pid, string build, int runs);

    [LoggerMessage(LogLevel.Critical, "What the last instance left cannot be taken up; this one ends")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}

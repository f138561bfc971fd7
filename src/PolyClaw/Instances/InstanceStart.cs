using PolyClaw.Core;

namespace PolyClaw.Instances;

/// <summary>Takes up, before the first connection is served, what the last instance left.</summary>
internal sealed partial class InstanceStart(IServiceProvider services, ILogger<InstanceStart> log) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var runs = await CoreServices.ResumeAsync(services, cancellationToken);
        LogStarted(log, Environment.ProcessId, BuildId.Current.ToString(), runs);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Information, "Instance {Pid} of build {Build} started; {Runs} runs go on")]
    private static partial void LogStarted(ILogger logger, int pid, string build, int runs);
}

using Microsoft.Extensions.Options;

namespace PolyClaw.Instances;

/// <summary>Ends an instance in the background that nobody needs: no run, no service, no connection, for <c>Instance:IdleMinutes</c>.</summary>
internal sealed partial class IdleEnd(
    Activity activity, Func<int> work, IOptions<InstanceOptions> options, InstanceMode mode, IHostApplicationLifetime life, TimeProvider clock, ILogger<IdleEnd> log)
    : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (mode.Foreground)
            return;
        var limit = TimeSpan.FromMinutes(options.Value.IdleMinutes);
        using var timer = new PeriodicTimer(Look, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (work() > 0)
                activity.Touch();
            if (!activity.TryCloseAfter(limit))
                continue;
            LogIdle(log, options.Value.IdleMinutes);
            life.StopApplication();
            return;
        }
    }

    [LoggerMessage(LogLevel.Information, "Nothing to do for {Minutes} minutes: the instance ends")]
    private static partial void LogIdle(ILogger logger, int minutes);
}

using Microsoft.Extensions.Logging;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;

namespace PolyClaw.Core.Execution;

/// <summary>Who drives a run, and again after the journal could not be written for a while.</summary>
public sealed partial class Runs
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);

    private void Drive(IReadOnlyList<JournalEntry> history, bool resumed)
    {
        var driver = new RunDriver(_world, history, resumed);
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _open[driver.RunId] = driver;
        _drives[driver.RunId] = DriveAsync(driver, begin.Task);
        begin.SetResult();
    }

    private async Task DriveAsync(RunDriver driver, Task begin)
    {
        await begin;
        var run = driver.RunId;
        try
        {
            var (delay, reached) = (FirstDelay, 0L);
            while (await SuspendedAsync(driver))
            {
                var now = driver.Read(s => s.Position);
                delay = now > reached ? FirstDelay : delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
                reached = now;
                await Task.Delay(delay, _world.Clock, _stop.Token);
                driver = new RunDriver(_world, _world.Journal.Read(run.Value), resumed: true);
                _open[run] = driver;
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The instance is stopping; the journal has all that the next one needs.
        }
        catch (Exception e)
        {
            // The run stays open in the journal, to be taken up by the next instance.
            LogDriverFailed(_world.Log, e, run.Value);
        }
        finally
        {
            _drives.TryRemove(run, out _);
        }
    }

    /// <summary>Drives a run until it ends, or until the journal cannot be written for a while: then it is to be taken up again.</summary>
    private async Task<bool> SuspendedAsync(RunDriver driver)
    {
        try
        {
            await driver.RunAsync(_stop.Token);
            return false;
        }
        catch (JournalFaultException e) when (e.MayPass)
        {
            LogSuspended(_world.Log, e, driver.RunId.Value);
            return true;
        }
        finally
        {
            _open.TryRemove(driver.RunId, out _);
            driver.Dispose();
            foreach (var key in _live.Keys.Where(k => k.Item1 == driver.RunId))
                _live.TryRemove(key, out _);
        }
    }

    private Fault Suspended(RunId run) => RunFaults.Suspended(triesAgain: _disposed == 0 && _drives.ContainsKey(run));

    [LoggerMessage(LogLevel.Error, "Run {Run} stands still because the journal could not be written; it is tried again")]
    private static partial void LogSuspended(ILogger logger, Exception exception, string run);

    [LoggerMessage(LogLevel.Error, "Run {Run} cannot go on; it stays open in the journal")]
    private static partial void LogDriverFailed(ILogger logger, Exception exception, string run);
}

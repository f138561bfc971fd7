#pragma warning disable RS0030 // A person reads this; stdout carries no protocol here.
using System.Runtime.InteropServices;

namespace PolyClaw.Samples.Service.Load;

/// <summary><c>load URL</c>: sends requests at a rate and tells each second, and at the end, what came of them.</summary>
internal static class LoadCommand
{
    /// <summary>The exit code: 0 when nothing failed or failures are allowed, 1 otherwise.</summary>
    public static async Task<int> RunAsync(LoadSettings settings)
    {
        var tally = new Tally();
        using var client = new ServiceClient(settings.Url, ServiceClient.Handler(settings.Workers), TimeSpan.FromSeconds(settings.TimeoutSeconds));
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var seconds = new PeriodicTimer(TimeSpan.FromSeconds(1), TimeProvider.System);

        var run = new LoadRun(settings, client, tally, TimeProvider.System).RunAsync(stop.Token);
        var tick = seconds.WaitForNextTickAsync().AsTask();
        for (var second = 1; await Task.WhenAny(run, tick) != run; second++)
        {
            Console.WriteLine(tally.Now(second));
            tick = seconds.WaitForNextTickAsync().AsTask();
        }

        await run;
        foreach (var failure in tally.Failures())
            Console.Error.WriteLine(failure);
        Console.WriteLine(tally.Summary());
        return tally.AllWell || settings.AllowFailures ? 0 : 1;

        // Asked once, it ends with what is in flight; asked twice, at once.
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }
    }
}

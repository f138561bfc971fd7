using System.Runtime.ExceptionServices;

namespace PolyClaw.Samples.Service.Load;

/// <summary>
/// An open loop: a request is sent when it is due, whether or not earlier ones were answered, and its latency counts from
/// then. A service that stands still is thereby seen by all who would have come, not by the few who were being served.
/// </summary>
/// <param name="settings">What is sent and when.</param>
/// <param name="client">Sends.</param>
/// <param name="tally">Counts.</param>
/// <param name="clock">Tells when a request is due.</param>
internal sealed class LoadRun(LoadSettings settings, ServiceClient client, Tally tally, TimeProvider clock)
{
    private Exception? _bug;

    /// <summary>Ends when every request has its answer. Told to stop, it sends no more and waits for what is in flight.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var began = clock.GetTimestamp();
        using var places = new SemaphoreSlim(settings.Workers);
        // A service that answers nothing would otherwise hold the run for a timeout times the rounds of places.
        using var late = new CancellationTokenSource(settings.DueOf(settings.Total) + TimeSpan.FromSeconds(settings.TimeoutSeconds), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token);
        var number = 1L;
        try
        {
            for (; number <= settings.Total; number++)
            {
                // What is less than a timer's tick away goes now.
                if (settings.DueOf(number) - clock.GetElapsedTime(began) is { TotalMilliseconds: >= 1 } ahead)
                    await Task.Delay(ahead, clock, either.Token);
                await places.WaitAsync(either.Token);
                if (either.IsCancellationRequested)
                {
                    // A place that came free in the very moment of the end.
                    places.Release();
                    either.Token.ThrowIfCancellationRequested();
                }

                _ = SendAsync(number, began, places);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to end: what is in flight is waited for below.
        }
        catch (OperationCanceledException)
        {
            tally.NeverSent(settings.Total - number + 1);
        }

        for (var place = 0; place < settings.Workers; place++)
            await places.WaitAsync(CancellationToken.None);
        if (_bug is not null)
            ExceptionDispatchInfo.Throw(_bug);
    }

    private async Task SendAsync(long number, long began, SemaphoreSlim places)
    {
        var kind = settings.KindOf(number);
        var session = settings.SessionOf(number);
        var due = settings.DueOf(number);
        var from = clock.GetElapsedTime(began) is var now && now < due ? now : due;
        tally.Sent();
        try
        {
            var answer = await client.AskAsync(kind, session);
            var took = clock.GetElapsedTime(began) - from - ServiceClient.AskedOf(kind);
            tally.Answered(answer, took > TimeSpan.Zero ? took : TimeSpan.Zero, session);
        }
        catch (Exception bug)
        {
            // Nobody awaits a request by itself; the run ends with this.
            _bug = bug;
        }
        finally
        {
            places.Release();
        }
    }
}

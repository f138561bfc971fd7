namespace PolyClaw.Containers.Tests.Children;

internal static class Waiting
{
    /// <summary>Moves the clock until what hangs on a timer that may not be set yet has come true.</summary>
    public static async Task ForTimerAsync(House house, TimeSpan step, Func<bool> reached)
    {
        while (!reached())
        {
            House.Soon.ThrowIfCancellationRequested();
            house.Clock.Advance(step);
            await Task.Yield();
        }
    }
}

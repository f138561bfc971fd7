using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace PolyClaw.Containers.Tests.Children;

/// <summary>
/// A clock that only a test moves, and that tells which timers were set on it: a test that moves it before the timer it waits for
/// is there would have to move it again and again, past other timers that then end what was going well.
/// </summary>
internal sealed class WatchedClock : FakeTimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _set = new();
    private readonly SemaphoreSlim _more = new(0);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _set.Enqueue(dueTime);
        _more.Release();
        return timer;
    }

    /// <summary>Waits until a timer of this length was set that no earlier wait has counted, and moves the clock by it.</summary>
    public async Task PassAsync(TimeSpan length)
    {
        do
            await _more.WaitAsync(House.Soon);
        while (!_set.TryDequeue(out var due) || due != length);
        Advance(length);
    }
}

using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace PolyClaw.Containers.Tests.Children;

/// <summary>
/// A clock that only a test moves, and that tells which timers were set on it: a test that moves it before the timer it waits for
/// is there would have to move it again and again, past other timers that then end what was going well.
/// </summary>
internal sealed class WatchedClock : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _set = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _set.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Waits until a timer of this length was set that no earlier wait has counted, and moves the clock by it.</summary>
    public async Task PassAsync(TimeSpan length)
    {
        while (await _set.Reader.ReadAsync(House.Soon) != length)
        {
        }

        Advance(length);
    }
}

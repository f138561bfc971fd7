using System.Collections.Concurrent;

namespace PolyClaw.Tests.Models;

/// <summary>A clock whose short waits are over at once and are remembered; what is set for a minute or more never comes.</summary>
internal sealed class HastyClock : TimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _waits = new();

    public IReadOnlyList<TimeSpan> Waits => [.. _waits];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var wait = dueTime < TimeSpan.FromMinutes(1) && dueTime > TimeSpan.Zero;
        if (wait)
            _waits.Enqueue(dueTime);
        return System.CreateTimer(callback, state, wait ? TimeSpan.Zero : dueTime, Timeout.InfiniteTimeSpan);
    }
}

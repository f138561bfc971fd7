namespace PolyClaw.Containers.Children;

/// <summary>When a server that failed is started again: at once, then after 1, 2, 4 and 8 s; after that only when somebody calls it.</summary>
internal sealed class Backoff(TimeProvider clock)
{
    private const int MaxTries = 5;
    private static readonly TimeSpan StableAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Exhausted = TimeSpan.FromSeconds(30);

    private int _failures;
    private long _since;
    private TimeSpan _pause;

    /// <summary>Whether it is to be started without being asked for.</summary>
    public bool MayRestart => _failures <= MaxTries;

    /// <summary>How long to wait until the next try.</summary>
    public TimeSpan Left
    {
        get
        {
            var left = _pause - clock.GetElapsedTime(_since);
            return _failures == 0 || left < TimeSpan.Zero ? TimeSpan.Zero : left;
        }
    }

    /// <summary>Notes a failure.</summary>
    /// <param name="uptime">How long it had run.</param>
    public void Failed(TimeSpan uptime)
    {
        _failures = uptime >= StableAfter ? 1 : _failures + 1;
        _since = clock.GetTimestamp();
        _pause = _failures == 1 ? TimeSpan.Zero
            : _failures <= MaxTries ? TimeSpan.FromSeconds(1 << (_failures - 2))
            : Exhausted;
    }
}

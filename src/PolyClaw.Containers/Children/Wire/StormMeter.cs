namespace PolyClaw.Containers.Children.Wire;

/// <summary>Counts messages that nobody asked for, and says when there were too many for too long. Used by one reader at a time.</summary>
internal sealed class StormMeter(TimeProvider clock)
{
    private long _second = clock.GetTimestamp();
    private int _inSecond;
    private int _stormySeconds;

    /// <summary>Counts one.</summary>
    /// <returns>Whether the storm has lasted too long.</returns>
    public bool Count()
    {
        var elapsed = clock.GetElapsedTime(_second);
        if (elapsed >= TimeSpan.FromSeconds(1))
        {
            // A pause of a whole second or more breaks the storm.
            _stormySeconds = _inSecond > ChildLimits.StormPerSecond && elapsed < TimeSpan.FromSeconds(2) ? _stormySeconds + 1 : 0;
            _second = clock.GetTimestamp();
            _inSecond = 0;
        }

        _inSecond++;
        return _stormySeconds >= ChildLimits.StormSeconds;
    }
}

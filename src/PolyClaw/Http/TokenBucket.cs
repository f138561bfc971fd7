namespace PolyClaw.Http;

/// <summary>Allows so many a second on average, and a burst after a pause.</summary>
internal sealed class TokenBucket(double perSecond, int burst, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private double _tokens = burst;
    private long _filled = clock.GetTimestamp();

    /// <summary>Takes one, or says when there will be one.</summary>
    public bool TryTake(out TimeSpan retryAfter)
    {
        lock (_gate)
        {
            var now = clock.GetTimestamp();
            _tokens = Math.Min(burst, _tokens + (clock.GetElapsedTime(_filled, now).TotalSeconds * perSecond));
            _filled = now;
            if (_tokens < 1)
            {
                retryAfter = TimeSpan.FromSeconds((1 - _tokens) / perSecond);
                return false;
            }

            _tokens--;
            retryAfter = TimeSpan.Zero;
            return true;
        }
    }
}

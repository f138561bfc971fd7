namespace PolyClaw.Gateway;

/// <summary>
/// Durations counted in buckets that grow by a tenth: from 0.1 ms to a quarter of an hour, each figure read from it at most 10 % too high. Not for
/// several threads at once.
/// </summary>
internal sealed class LatencyHistogram
{
    private const double First = 0.1;
    private const double Growth = 1.1;
    private const int Buckets = 170;

    private static readonly double LogGrowth = Math.Log(Growth);

    private readonly long[] _counts = new long[Buckets];

    public long Count { get; private set; }

    public void Add(TimeSpan duration)
    {
        _counts[BucketOf(duration.TotalMilliseconds)]++;
        Count++;
    }

    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < Buckets; i++)
            _counts[i] += other._counts[i];
        Count += other.Count;
    }

    public void Clear()
    {
        Array.Clear(_counts);
        Count = 0;
    }

    /// <summary>The duration that this share of all stayed within; zero when there is none.</summary>
    /// <param name="share">Above 0, at most 1.</param>
    public TimeSpan At(double share)
    {
        var wanted = (long)Math.Ceiling(Count * share);
        for (var i = 0; i < Buckets && wanted > 0; i++)
        {
            wanted -= _counts[i];
            if (wanted <= 0)
                return TimeSpan.FromMilliseconds(First * Math.Pow(Growth, i));
        }

        return TimeSpan.Zero;
    }

    private static int BucketOf(double milliseconds) =>
        milliseconds <= First ? 0 : (int)Math.Min(Buckets - 1, Math.Ceiling(Math.Log(milliseconds / First) / LogGrowth));
}

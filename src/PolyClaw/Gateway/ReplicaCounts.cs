namespace PolyClaw.Gateway;

/// <summary>What the requests to one replica came to since it takes some; for Prometheus, whose counters only grow. Safe for any number of threads.</summary>
internal sealed class ReplicaCounts
{
    /// <summary>Upper bounds of the buckets, in seconds.</summary>
    public static IReadOnlyList<double> Bounds { get; } = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly long[] _buckets = new long[11];
    private long _count, _failures, _ticks;

    public void Add(TimeSpan duration, bool failed)
    {
        Interlocked.Increment(ref _count);
        Interlocked.Add(ref _ticks, duration.Ticks);
        if (failed)
            Interlocked.Increment(ref _failures);
        for (var i = 0; i < _buckets.Length; i++)
        {
            if (duration.TotalSeconds <= Bounds[i])
            {
                Interlocked.Increment(ref _buckets[i]);
                break;
            }
        }
    }

    public long Count => Volatile.Read(ref _count);

    public long Failures => Volatile.Read(ref _failures);

    public double Seconds => TimeSpan.FromTicks(Volatile.Read(ref _ticks)).TotalSeconds;

    /// <summary>How many took at most the bound of that place.</summary>
    public long UpTo(int bound)
    {
        var sum = 0L;
        for (var i = 0; i <= bound; i++)
            sum += Volatile.Read(ref _buckets[i]);
        return sum;
    }
}

using System.Numerics;

namespace PolyClaw.Samples.Service.Load;

/// <summary>Durations, counted in classes that are 1.6 % wide: as small after a day as after a second.</summary>
internal sealed class Latencies
{
    private const int Fine = 64;
    private const int FineBits = 6;

    // Up to 2^36 microseconds, most of a day.
    private readonly long[] _classes = new long[(36 - FineBits + 2) * Fine];
    private long _count;

    /// <summary>The longest.</summary>
    public TimeSpan Longest { get; private set; }

    public void Add(TimeSpan latency)
    {
        if (latency > Longest)
            Longest = latency;
        _classes[Math.Min(ClassOf((long)Math.Max(latency.TotalMicroseconds, 0)), _classes.Length - 1)]++;
        _count++;
    }

    /// <summary>The duration that this share of all did not exceed; zero when there are none.</summary>
    public TimeSpan Quantile(double share)
    {
        var wanted = (long)Math.Ceiling(share * _count);
        for (var (i, seen) = (0, 0L); _count > 0 && i < _classes.Length; i++)
        {
            seen += _classes[i];
            if (seen < wanted || seen == 0)
                continue;
            var upper = TimeSpan.FromMicroseconds(UpperOf(i));
            return upper < Longest ? upper : Longest;
        }

        return TimeSpan.Zero;
    }

    public void Clear()
    {
        Array.Clear(_classes);
        (_count, Longest) = (0, TimeSpan.Zero);
    }

    // Below 64 each microsecond is a class; above, each power of two has 64.
    private static int ClassOf(long microseconds)
    {
        if (microseconds < Fine)
            return (int)microseconds;
        var power = BitOperations.Log2((ulong)microseconds) - FineBits;
        return ((power + 1) * Fine) + (int)((microseconds >> power) - Fine);
    }

    private static long UpperOf(int index)
    {
        if (index < Fine)
            return index;
        var power = (index / Fine) - 1;
        return ((long)((index % Fine) + Fine + 1) << power) - 1;
    }
}

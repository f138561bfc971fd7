using PolyClaw.Core.Services;

namespace PolyClaw.Gateway;

/// <summary>What the requests to one version came to, second by second, for the last ten minutes. Safe for any number of threads.</summary>
internal sealed class RequestCounts(TimeProvider clock)
{
    /// <summary>Seconds that are kept.</summary>
    public const int Kept = 600;

    private readonly Lock _lock = new();
    private readonly Second?[] _ring = new Second?[Kept];
    private readonly long _began = clock.GetTimestamp();

    private long Now => (long)clock.GetElapsedTime(_began).TotalSeconds;

    /// <summary>A request was answered.</summary>
    /// <param name="duration">From the first byte in to the last byte out.</param>
    /// <param name="failed">The answer was a server's error, or none came.</param>
    public void Add(TimeSpan duration, bool failed)
    {
        var now = Now;
        lock (_lock)
        {
            var second = _ring[now % Kept] ??= new Second();
            if (second.Number != now)
                second.Restart(now);
            second.Latency.Add(duration);
            second.Failures += failed ? 1 : 0;
        }
    }

    /// <summary>What was answered in the last while.</summary>
    /// <param name="within">How long; whole seconds count, at most <see cref="Kept"/>.</param>
    public RequestFigures Last(TimeSpan within)
    {
        var now = Now;
        var since = now - (long)Math.Min(Kept - 1, Math.Ceiling(within.TotalSeconds));
        var latency = new LatencyHistogram();
        var failures = 0L;
        lock (_lock)
        {
            foreach (var second in _ring)
            {
                if (second is null || second.Number <= since || second.Number > now)
                    continue;
                latency.Add(second.Latency);
                failures += second.Failures;
            }
        }

        return new RequestFigures(latency.Count, failures, latency.At(0.5), latency.At(0.95), latency.At(0.99));
    }

    private sealed class Second
    {
        public long Number { get; private set; } = -1;

        public LatencyHistogram Latency { get; } = new();

        public long Failures { get; set; }

        public void Restart(long number)
        {
            Number = number;
            Latency.Clear();
            Failures = 0;
        }
    }
}

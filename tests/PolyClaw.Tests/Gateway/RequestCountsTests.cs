using CsCheck;
using Microsoft.Extensions.Time.Testing;
using PolyClaw.Core.Services;
using PolyClaw.Gateway;

namespace PolyClaw.Tests.Gateway;

public sealed class RequestCountsTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Only_the_last_while_counts()
    {
        var counts = new RequestCounts(_clock);
        counts.Add(TimeSpan.FromMilliseconds(10), failed: true);
        _clock.Advance(TimeSpan.FromSeconds(30));
        counts.Add(TimeSpan.FromMilliseconds(20), failed: false);
        Assert.Equal((1, 0), Of(counts.Last(TimeSpan.FromSeconds(10))));
        Assert.Equal((2, 1), Of(counts.Last(TimeSpan.FromSeconds(60))));
        _clock.Advance(TimeSpan.FromSeconds(RequestCounts.Kept));
        Assert.Equal((0, 0), Of(counts.Last(TimeSpan.FromHours(1))));
        Assert.Equal(TimeSpan.Zero, counts.Last(TimeSpan.FromHours(1)).P99);
    }

    [Fact]
    public void A_second_that_comes_round_again_begins_anew()
    {
        var counts = new RequestCounts(_clock);
        counts.Add(TimeSpan.FromMilliseconds(10), failed: true);
        _clock.Advance(TimeSpan.FromSeconds(RequestCounts.Kept));
        counts.Add(TimeSpan.FromMilliseconds(10), failed: false);
        Assert.Equal((1, 0), Of(counts.Last(TimeSpan.FromSeconds(5))));
    }

    [Fact]
    public void A_figure_is_at_most_a_tenth_too_high_and_never_too_low() =>
        Gen.Double[0.11, 600_000].Array[1, 200].Sample(milliseconds =>
        {
            var histogram = new LatencyHistogram();
            foreach (var ms in milliseconds)
                histogram.Add(TimeSpan.FromMilliseconds(ms));
            Array.Sort(milliseconds);
            foreach (var share in (double[])[0.5, 0.95, 0.99, 1])
            {
                var exact = milliseconds[(int)Math.Ceiling(milliseconds.Length * share) - 1];
                Assert.InRange(histogram.At(share).TotalMilliseconds, exact * 0.999, exact * 1.101);
            }
        });

    private static (long Count, long Failures) Of(RequestFigures totals) => (totals.Count, totals.Failures);
}

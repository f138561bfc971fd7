using CsCheck;
using PolyClaw.Samples.Service.Load;

namespace SampleService.Tests.Load;

public class LatenciesTests
{
    [Fact]
    public void A_quantile_is_no_less_than_the_exact_one_and_at_most_two_percent_more() =>
        Gen.Select(Gen.Long[0, 10_000_000_000].Array[1, 300], Gen.Double[0.01, 1]).Sample((microseconds, share) =>
        {
            var latencies = new Latencies();
            foreach (var one in microseconds)
                latencies.Add(TimeSpan.FromMicroseconds(one));

            var exact = microseconds.Order().ElementAt((int)Math.Ceiling(share * microseconds.Length) - 1);
            var told = latencies.Quantile(share).TotalMicroseconds;

            Assert.InRange(told, exact, (exact * 1.02) + 1);
            Assert.Equal(TimeSpan.FromMicroseconds(microseconds.Max()), latencies.Longest);
        });

    [Fact]
    public void None_have_no_latency()
    {
        var latencies = new Latencies();
        latencies.Add(TimeSpan.FromSeconds(1));
        latencies.Clear();

        Assert.Equal(TimeSpan.Zero, latencies.Quantile(0.99));
        Assert.Equal(TimeSpan.Zero, latencies.Longest);
    }

    [Fact]
    public void One_longer_than_any_class_counts_as_the_longest()
    {
        var latencies = new Latencies();
        latencies.Add(TimeSpan.FromDays(30));

        Assert.Equal(TimeSpan.FromDays(30), latencies.Longest);
        Assert.True(latencies.Quantile(1) > TimeSpan.FromHours(19));
    }
}

using System.Globalization;
using PolyClaw.Samples.Service.Load;

namespace SampleService.Tests.Load;

public class TallyTests
{
    private readonly Tally _tally = new();

    [Fact]
    public void A_second_tells_all_counts_and_its_own_latencies()
    {
        Answer("v1", 40);
        _tally.Now(1);
        Answer("v1", 4);
        Answer("v2", 11);
        Fail("status 503");

        Assert.Equal("2 s  sent 4  failed 1  p50 4 ms  p99 11 ms  v1 2  v2 1", _tally.Now(2));
    }

    [Fact]
    public void The_summary_tells_the_latencies_of_all()
    {
        Answer("v1", 40);
        _tally.Now(1);
        Answer("v2", 4);

        Assert.Equal("sent 2, failed 0, p50 4 ms, p95 40 ms, p99 40 ms, max 40 ms, by version v1 1, v2 1", _tally.Summary());
        Assert.True(_tally.AllWell);
    }

    [Fact]
    public void A_run_in_which_nothing_was_sent_did_not_go_well() => Assert.False(_tally.AllWell);

    [Fact]
    public void A_failed_answer_is_told_with_its_reason_and_does_not_better_the_latency()
    {
        Answer("v1", 40);
        Fail("ConnectionRefused");
        Fail("ConnectionRefused");
        _tally.NeverSent(7);

        Assert.False(_tally.AllWell);
        Assert.Equal(["failed 2: ConnectionRefused", "failed 7: never sent: as many as may be were in flight"], _tally.Failures());
        Assert.StartsWith("sent 3, failed 9, p50 40 ms,", _tally.Summary(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_that_changes_its_version_is_told()
    {
        foreach (var version in new[] { "v1", "v1", "v2", "v2" })
            Answer(version, 1, "session-1");
        Answer("v1", 1, "session-2");

        Assert.EndsWith(", 2 sessions changed their version 1 times", _tally.Summary(), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_an_answer_makes_up_have_an_end()
    {
        for (var i = 0; i < 10_000; i++)
            Answer(i.ToString(CultureInfo.InvariantCulture), 1);

        Assert.EndsWith(", others 9968", _tally.Summary(), StringComparison.Ordinal);
    }

    private void Answer(string version, int milliseconds, string? session = null)
    {
        _tally.Sent();
        _tally.Answered(PolyClaw.Samples.Service.Load.Answer.Good(version), TimeSpan.FromMilliseconds(milliseconds), session);
    }

    private void Fail(string why)
    {
        _tally.Sent();
        _tally.Answered(PolyClaw.Samples.Service.Load.Answer.Failed(why), TimeSpan.Zero, null);
    }
}

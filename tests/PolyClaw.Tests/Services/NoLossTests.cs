#pragma warning disable xUnit1069 // The demonstration is bound by the running test's own token.
using static PolyClaw.Tests.Services.Demonstration;

namespace PolyClaw.Tests.Services;

/// <summary>No request is lost while traffic moves, by the command that a person runs; alone, because the load is open: a machine that is busy with something else would be late.</summary>
[Collection(nameof(Alone))]
[Trait("Promise", "P55")]
public sealed class NoLossTests
{
    private const int TestTimeout = 200_000;

    [Fact(Timeout = TestTimeout)]
    public async Task No_request_is_lost_through_every_exchange_of_versions_and_sizes_and_a_killed_replica_loses_what_it_had_under_way()
    {
        var (code, text) = await RunAsync("no-loss.sh", [], [.. Quickly]);
        Assert.True(code == 0, text);
        Assert.Contains(", 0 lost; the killed replica had ", text, StringComparison.Ordinal);
    }

    /// <summary>The control: were nothing lost here either, the test above would prove nothing.</summary>
    [Fact(Timeout = TestTimeout)]
    public async Task The_same_load_loses_requests_when_the_old_version_stops_before_the_new_one_starts()
    {
        var (code, text) = await RunAsync("no-loss.sh", ["--stop-first"], [.. Quickly]);
        Assert.True(code == 0, text);
        Assert.Matches(@"stop-first to v2 +\d+ +[1-9]", text);
    }

    private static IEnumerable<(string, string)> Quickly =>
    [
        ("POLYCLAW__SERVICES__ROLLOUTS__LEASTSTEPTIME", "00:00:01"), ("POLYCLAW__SERVICES__ROLLOUTS__LEASTSAMPLES", "5"), ("POLYCLAW__SERVICES__ROLLOUTS__KEEPOLD", "00:00:01"),
    ];
}

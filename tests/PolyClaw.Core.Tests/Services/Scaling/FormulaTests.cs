using PolyClaw.Core.Services.Scaling;

namespace PolyClaw.Core.Tests.Services.Scaling;

[Trait("Promise", "P53")]
public sealed class FormulaTests
{
    [Theory]
    [InlineData(4, 200, 8)]
    [InlineData(4, 50, 2)]
    [InlineData(3, 150, 5)]
    [InlineData(10, 0, 0)]
    [InlineData(7, 300, 21)]
    [InlineData(1, 1e300, 1_000_000)]
    public void Replicas_are_in_proportion_to_the_metric_and_rounded_up(int replicas, double average, int wanted) =>
        Assert.Equal(wanted, Of(replicas, 0, new TargetSeen("load", 100, average, replicas)));

    [Theory]
    [InlineData(110, 10)]
    [InlineData(90, 10)]
    [InlineData(111, 12)]
    [InlineData(89, 9)]
    [InlineData(100, 10)]
    public void A_tenth_more_or_less_changes_nothing(double average, int wanted) =>
        Assert.Equal(wanted, Of(10, 0, new TargetSeen("load", 100, average, 10)));

    [Fact]
    public void Eleven_tenths_of_ten_are_eleven_and_no_twelfth_comes_from_rounding() =>
        Assert.Equal(11, Formula.Replicas(new TargetSeen("load", 1, 1.1, 10), new ServiceLoad(10, 0, []), 0.05));

    [Fact]
    public void Going_down_a_missing_metric_counts_as_the_target() =>
        Assert.Equal(8, Of(10, 0, new TargetSeen("load", 100, 50, 5)));

    [Fact]
    public void Going_up_a_missing_metric_counts_as_nothing() =>
        Assert.Equal(15, Of(10, 0, new TargetSeen("load", 100, 300, 5)));

    [Fact]
    public void Going_up_a_replica_that_is_not_ready_counts_as_nothing() =>
        Assert.Equal(12, Of(10, 4, new TargetSeen("load", 100, 200, 6)));

    [Fact]
    public void Going_down_a_replica_that_is_not_ready_does_not_count() =>
        Assert.Equal(3, Of(10, 4, new TargetSeen("load", 100, 50, 6)));

    [Theory]
    [InlineData(10, 5, 150, 5)]
    [InlineData(10, 0, 150, 5)]
    [InlineData(10, 9, 900, 1)]
    public void What_is_not_known_never_turns_the_direction(int replicas, int notReady, double average, int measured) =>
        Assert.Equal(replicas, Of(replicas, notReady, new TargetSeen("load", 100, average, measured)));

    [Theory]
    [InlineData(100, 50, 0)]
    [InlineData(100, double.NaN, 4)]
    [InlineData(100, double.PositiveInfinity, 4)]
    [InlineData(100, -1, 4)]
    [InlineData(0, 50, 4)]
    [InlineData(-1, 50, 4)]
    [InlineData(double.NaN, 50, 4)]
    [InlineData(100, 50, -4)]
    public void Figures_that_cannot_be_true_are_missing(double target, double average, int measured) =>
        Assert.Null(Of(4, 0, new TargetSeen("load", target, average, measured)));

    [Fact]
    public void Where_no_replica_is_ready_nothing_is_known() =>
        Assert.Null(Of(4, 4, new TargetSeen("load", 100, 50, 4)));

    private static int? Of(int replicas, int notReady, TargetSeen seen) => Formula.Replicas(seen, new ServiceLoad(replicas, notReady, [seen]), 0.1);
}

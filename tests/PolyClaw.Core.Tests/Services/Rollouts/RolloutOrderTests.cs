using PolyClaw.Core.Services.Rollouts;

namespace PolyClaw.Core.Tests.Services.Rollouts;

public sealed class RolloutOrderTests
{
    private static readonly RolloutOrder Fine = RolloutWalk.Order(RolloutStrategy.Canary);

    public static TheoryData<RolloutOrder, string> Faulty => new()
    {
        { Fine with { Replicas = 0 }, "replicas_out_of_range" },
        { Fine with { Replicas = -1 }, "replicas_out_of_range" },
        { Fine with { Replicas = 1_000_000_000 }, "replicas_out_of_range" },
        { Fine with { StableReplicas = -1 }, "replicas_out_of_range" },
        { Fine with { StableReplicas = 1001 }, "replicas_out_of_range" },
        { Fine with { StableVersion = null }, "stable_version_missing" },
        { Fine with { NewVersion = 1 }, "same_version" },
        { Fine with { NewVersion = 0 }, "version_out_of_range" },
        { Fine with { FirstWeight = 0 }, "weight_out_of_range" },
        { Fine with { FirstWeight = 101 }, "weight_out_of_range" },
        { Fine with { FirstWeight = 10, Strategy = RolloutStrategy.BlueGreen }, "weight_without_canary" },
        { Fine with { Stateful = true }, "stateful_needs_migration" },
        { Fine with { Stateful = true, Strategy = RolloutStrategy.BlueGreen }, "stateful_needs_migration" },
    };

    [Theory, MemberData(nameof(Faulty)), Trait("Promise", "P50")]
    public void What_cannot_be_done_is_refused_with_a_reason_and_a_way_out(RolloutOrder order, string code)
    {
        var fault = order.FaultIn();
        Assert.Equal(code, fault?.Code);
        Assert.NotNull(fault?.Fix);
        Assert.Contains(fault.Message, Assert.Throws<ArgumentException>(() => Rollout.Start(order, new RolloutOptions(), RolloutWalk.Noon)).Message, StringComparison.Ordinal);
    }

    [Fact, Trait("Promise", "P50")]
    public void What_can_be_done_is_not()
    {
        Assert.Null(Fine.FaultIn());
        Assert.Null((Fine with { FirstWeight = 100 }).FaultIn());
        Assert.Null((Fine with { Stateful = true, Strategy = RolloutStrategy.Rolling }).FaultIn());
        Assert.Null((Fine with { Stateful = true, Migration = true, Strategy = RolloutStrategy.BlueGreen }).FaultIn());
        Assert.Null(new RolloutOrder(RolloutStrategy.Rolling, 1, 1000).FaultIn());
    }
}

using CsCheck;
using PolyClaw.Core.Services.Rollouts;

namespace PolyClaw.Core.Tests.Services.Rollouts;

/// <summary>What the new version of a simulated rollout is like.</summary>
public enum Quality
{
    Good,
    CrashLoops,
    NeverHealthy,
    Fails,
    Slow,
}

/// <summary>One history to be simulated: what is asked for, what is wrong, and the seed of all chance.</summary>
/// <param name="Order">What is asked for.</param>
/// <param name="Quality">What the new version is like.</param>
/// <param name="FaultyTicks">Seconds in which replicas die and flap, metrics fail and the clock jumps; after them the world is fair.</param>
/// <param name="CancelAt">The second at which somebody cancels.</param>
/// <param name="Traffic">Requests a second while the world is faulty, 0–60; 60 afterwards.</param>
/// <param name="Seed">Of the random numbers.</param>
public sealed record RolloutPlot(RolloutOrder Order, Quality Quality, int FaultyTicks, int? CancelAt, int Traffic, int Seed)
{
    public static Gen<RolloutPlot> Of(RolloutStrategy strategy, bool stateful = false)
    {
        var order = Gen.Select(
            Gen.Int[1, 8],
            Gen.Frequency((4, Gen.Const(true)), (1, Gen.Const(false))),
            Gen.Int[1, 8],
            Gen.Frequency((1, Gen.Const(true)), (6, Gen.Const(false))),
            Gen.Int[1, 100].Nullable(),
            (replicas, same, others, first, weight) => new RolloutOrder(
                strategy, 2, replicas, first ? null : 1, first ? 0 : same ? replicas : others,
                strategy == RolloutStrategy.Canary ? weight : null, stateful));
        return Gen.Select(
            order,
            Gen.Frequency((4, Gen.Const(Quality.Good)), (3, Gen.Enum<Quality>())),
            Gen.Frequency((1, Gen.Const(0)), (4, Gen.Int[1, 120])),
            Gen.Frequency((4, Gen.Const((int?)null)), (1, Gen.Int[0, 120].Select(t => (int?)t))),
            Gen.Int[0, 60],
            Gen.Int[0, int.MaxValue - 1],
            (o, quality, faulty, cancel, traffic, seed) => new RolloutPlot(o, quality, faulty, cancel, traffic, seed));
    }
}

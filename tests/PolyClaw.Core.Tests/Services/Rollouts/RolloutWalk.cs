using PolyClaw.Core.Services.Rollouts;

namespace PolyClaw.Core.Tests.Services.Rollouts;

/// <summary>A rollout in a world that obeys: a test says what is healthy, and reads what is wanted.</summary>
internal sealed class RolloutWalk(RolloutOrder order, RolloutOptions? options = null)
{
    public static DateTimeOffset Noon { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public RolloutOptions Options { get; } = options ?? new RolloutOptions();

    public DateTimeOffset Now { get; set; } = Noon;

    public RolloutState State { get; set; } = Rollout.Start(order, options ?? new RolloutOptions(), Noon);

    public string? Hold { get; private set; }

    public static RolloutOrder Order(RolloutStrategy strategy, int replicas = 4) => new(strategy, 2, replicas, StableVersion: 1, StableReplicas: replicas);

    /// <summary>A window whose figures are good.</summary>
    public static RequestWindow Good(long count = 100) => new(count, 0, TimeSpan.FromMilliseconds(40));

    /// <summary>A look at replicas that are all healthy, after so many seconds.</summary>
    public Desired Look(int stable, int fresh, RequestWindow? answered = null, RequestWindow? stableAnswered = null, double after = 1) =>
        Look(
            new VersionSeen(State.Desired.StableReplicas, stable, stable, Requests: stableAnswered),
            new VersionSeen(State.Desired.NewReplicas, fresh, fresh, Requests: answered),
            after);

    public Desired Look(VersionSeen stable, VersionSeen fresh, double after = 1)
    {
        Now += TimeSpan.FromSeconds(after);
        var decision = Rollout.Next(State, stable, fresh, Now, Options);
        Assert.Equal(decision.Desired, decision.State.Desired);
        (State, Hold) = (decision.State, decision.Hold);
        return decision.Desired;
    }

    /// <summary>A canary whose first step is in force.</summary>
    public RolloutWalk AtFirstStep()
    {
        Look(State.Order.StableReplicas, 0);
        Look(State.Order.StableReplicas, 1);
        Assert.Equal(State.Step, State.Weight);
        return this;
    }
}

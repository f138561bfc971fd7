using PolyClaw.Core.Services.Scaling;

namespace PolyClaw.Core.Tests.Services.Scaling;

/// <summary>A service that has the replicas it was last given, all of them ready.</summary>
internal sealed class ScalingWalk(int replicas, ScalingRule? rule = null, ScalingOptions? options = null)
{
    public static DateTimeOffset Noon { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public ScalingOptions Options { get; } = options ?? new ScalingOptions();

    public ScalingState State { get; set; } = ScalingState.Empty;

    public int Replicas { get; private set; } = replicas;

    public DateTimeOffset Now { get; set; } = Noon;

    public string Why { get; private set; } = "";

    /// <summary>A look after so many seconds, at a load that is so many times what one replica should bear.</summary>
    public int Look(double load, double after = 15, int? quota = null) =>
        Look([new TargetSeen("requests at once", 10, 10 * load / Math.Max(1, Replicas), Replicas)], after, quota);

    public int Look(IReadOnlyList<TargetSeen> targets, double after = 15, int? quota = null, DateTimeOffset? lastRequest = null)
    {
        Now += TimeSpan.FromSeconds(after);
        var decision = Autoscaler.Next(State, rule ?? new ScalingRule(1, 100), new ServiceLoad(Replicas, 0, targets, lastRequest, quota), Now, Options);
        (State, Replicas, Why) = (decision.State, decision.Replicas, decision.Why);
        return Replicas;
    }

    public void Ask(int replicas) => State = Autoscaler.Ask(State, replicas, Now);
}

using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Services.Scaling;

/// <summary>Between which numbers a service's replicas may move.</summary>
/// <param name="Min">The fewest, 0–1,000. With 0 it is scaled to zero when it is idle, and woken by a request.</param>
/// <param name="Max">The most, 1–1,000, not below <paramref name="Min"/>.</param>
public sealed record ScalingRule(int Min, int Max)
{
    /// <summary>The most replicas of one service.</summary>
    public const int MostReplicas = 1000;

    /// <summary>Why this is no rule; nothing when it is one.</summary>
    public Fault? FaultIn() => this switch
    {
        { Min: < 0 or > MostReplicas } => new Fault("replicas_out_of_range", $"min is {Min}", "/min", "0 to 1,000"),
        { Max: < 1 or > MostReplicas } => new Fault("replicas_out_of_range", $"max is {Max}", "/max", "1 to 1,000"),
        _ when Min > Max => new Fault("replicas_out_of_range", $"min {Min} is above max {Max}", "/min", $"at most {Max}"),
        _ => null,
    };
}

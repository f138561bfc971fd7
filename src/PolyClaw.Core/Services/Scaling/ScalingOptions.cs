namespace PolyClaw.Core.Services.Scaling;

/// <summary>
/// How quickly replicas follow the load. The defaults of tolerance, windows and rates are those of Kubernetes' HorizontalPodAutoscaler
/// (kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale).
/// </summary>
public sealed record ScalingOptions
{
    /// <summary>How far a metric may be from its target, as a share of it, without a change. 0–1, default 0.1.</summary>
    public double Tolerance { get; set; } = 0.1;

    /// <summary>Stretch of time whose highest recommendation counts before replicas are taken away. 0 to 1 day, default 300 s.</summary>
    public TimeSpan DownWindow { get; set; } = TimeSpan.FromSeconds(300);

    /// <summary>Replicas that may be added within <see cref="RatePeriod"/>, in percent of those at its begin. 0–10,000, default 100.</summary>
    public int UpPercent { get; set; } = 100;

    /// <summary>Replicas that may be added within <see cref="RatePeriod"/> where the percentage gives fewer. 1–1,000, default 4.</summary>
    public int UpReplicas { get; set; } = 4;

    /// <summary>Replicas that may be taken away within <see cref="RatePeriod"/>, in percent of those at its begin. 1–100, default 100.</summary>
    public int DownPercent { get; set; } = 100;

    /// <summary>Stretch of time that the rates are for. 1 s to 30 min, default 15 s.</summary>
    public TimeSpan RatePeriod { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Time that a number somebody asked for is kept at least. 0 to 1 day, default 5 min.</summary>
    public TimeSpan HoldTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Time without a request after which a service that may be scaled to zero is. 1 s to 30 days, default 5 min.</summary>
    public TimeSpan IdleTime { get; set; } = TimeSpan.FromMinutes(5);
}

namespace PolyClaw.Core.Services;

/// <summary>What a service's replicas are scaled by; each is kept near its target, and the one that wants most replicas counts.</summary>
/// <param name="Concurrency">Requests under way at one replica. Above 0, at most 10,000.</param>
/// <param name="LatencyMs">p95 of the answers in milliseconds. Above 0, at most 600,000.</param>
/// <param name="Cpu">Percent of a replica's CPU limit in use. 1–100.</param>
public sealed record ScalingTargets(double? Concurrency = null, double? LatencyMs = null, int? Cpu = null)
{
    /// <summary>Whether nothing is named.</summary>
    internal bool IsEmpty => this is { Concurrency: null, LatencyMs: null, Cpu: null };
}

using PolyClaw.Core.Policy;
using PolyClaw.Core.Services.Rollouts;

namespace PolyClaw.Core.Services;

/// <summary>What a spec that leaves something out means.</summary>
public static class ServiceDefaults
{
    /// <summary>TCP port inside the container: 8080.</summary>
    public const int Port = 8080;

    /// <summary>Path of the health check.</summary>
    public const string HealthPath = "/healthz";

    /// <summary>One replica's limits: half a core, 256 MiB, 128 processes.</summary>
    public static ResourceAmounts Replica { get; } = new(NanoCpus: 500_000_000, MemoryBytes: 256L << 20, Pids: 128);

    /// <summary>How many replicas a version has.</summary>
    /// <param name="spec">The spec.</param>
    public static int ReplicasOf(ServiceSpec spec) => spec.Replicas ?? 1;

    /// <summary>How a version takes the place of the one before.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="usual">What the settings say of stateless services.</param>
    public static RolloutStrategy StrategyOf(ServiceSpec spec, RolloutStrategy usual) =>
        spec.Strategy ?? (spec.Weight is not null ? RolloutStrategy.Canary : spec.Kind is ServiceKind.Stateful ? RolloutStrategy.Rolling : usual);
}

using PolyClaw.Core.Services.Rollouts;
using PolyClaw.Core.Services.Scaling;

namespace PolyClaw.Core.Services;

/// <summary>How services are kept; section <see cref="SectionName"/> of the settings. A wrong value stops the start and names its key.</summary>
public sealed class ServiceOptions
{
    /// <summary>The section's name, <c>Services</c>.</summary>
    public const string SectionName = "Services";

    /// <summary>The image of a service that names none, by the service's name. Default none.</summary>
    public IDictionary<string, string> Catalog { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How a stateless service that does not say it changes versions. Default rolling.</summary>
    public RolloutStrategy Strategy { get; set; } = RolloutStrategy.Rolling;

    /// <summary>How carefully versions are exchanged.</summary>
    public RolloutOptions Rollouts { get; set; } = new();

    /// <summary>How quickly replicas follow the load.</summary>
    public ScalingOptions Scaling { get; set; } = new();

    /// <summary>Time that a replica which is to go has for the requests under way, streams included. 0 to 1 h, default 30 s.</summary>
    public TimeSpan Drain { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Time from SIGTERM to SIGKILL. 0 to 10 min, default 10 s.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time after which a replica that is not healthy, or not healthy any more, is replaced; while versions are exchanged, the rollout's own deadline counts. 1 s to 1 h, default 60 s.</summary>
    public TimeSpan ReplaceAfter { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Replicas of a version that may be lost within ten minutes before it counts as a crash loop, and is left down until the ten minutes are over. 1–100, default 6.</summary>
    public int MostLosses { get; set; } = 6;

    /// <summary>Time that a deployment waits for the services it needs. 0 to 1 day, default 5 min.</summary>
    public TimeSpan NeedsWithin { get; set; } = TimeSpan.FromMinutes(5);
}

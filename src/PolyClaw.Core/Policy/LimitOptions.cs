using System.ComponentModel.DataAnnotations;

namespace PolyClaw.Core.Policy;

/// <summary>What a tenant may hold at once. The defaults fit a personal machine.</summary>
public sealed class LimitOptions
{
    /// <summary>Processor time of all its servers and replicas together: <c>500m</c>, <c>0.5</c> or <c>2</c>. Default <c>8</c>.</summary>
    [Required(ErrorMessage = "Policy:Limits:Cpu must be an amount such as 4 or 500m")]
    public string Cpu { get; set; } = "8";

    /// <summary>Memory of all its servers and replicas together: <c>512Mi</c> or <c>8Gi</c>. Default <c>16Gi</c>.</summary>
    [Required(ErrorMessage = "Policy:Limits:Memory must be an amount such as 8Gi")]
    public string Memory { get; set; } = "16Gi";

    /// <summary>Storage of all its servers together, written as memory. Default <c>20Gi</c>.</summary>
    [Required(ErrorMessage = "Policy:Limits:Storage must be an amount such as 20Gi")]
    public string Storage { get; set; } = "20Gi";

    /// <summary>Child servers. 0–1,000, default 20.</summary>
    [Range(0, 1000, ErrorMessage = "Policy:Limits:Servers must be {1} to {2}")]
    public int Servers { get; set; } = 20;

    /// <summary>Services. 0–1,000, default 20.</summary>
    [Range(0, 1000, ErrorMessage = "Policy:Limits:Services must be {1} to {2}")]
    public int Services { get; set; } = 20;

    /// <summary>Replicas of all its services together, both versions of one that is exchanged. 0–10,000, default 250.</summary>
    [Range(0, 10_000, ErrorMessage = "Policy:Limits:Replicas must be {1} to {2}")]
    public int Replicas { get; set; } = 250;

    /// <summary>Processes and threads of all its servers together. 1–1,000,000, default 32,768.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Policy:Limits:Pids must be {1} to {2}")]
    public int Pids { get; set; } = 32_768;

    /// <summary>Steps that one run may start. 1–10,000, default 500.</summary>
    [Range(1, 10_000, ErrorMessage = "Policy:Limits:StepsPerRun must be {1} to {2}")]
    public int StepsPerRun { get; set; } = 500;
}

namespace PolyClaw.Core.Policy;

/// <summary>Limits of one named tenant. What is left out is as in <see cref="LimitOptions"/>, and has the same range.</summary>
public sealed class TenantOptions
{
    /// <summary>Processor time of all its servers together.</summary>
    public string? Cpu { get; set; }

    /// <summary>Memory of all its servers together.</summary>
    public string? Memory { get; set; }

    /// <summary>Storage of all its servers together.</summary>
    public string? Storage { get; set; }

    /// <summary>Child servers.</summary>
    public int? Servers { get; set; }

    /// <summary>Services.</summary>
    public int? Services { get; set; }

    /// <summary>Replicas of all its services together.</summary>
    public int? Replicas { get; set; }

    /// <summary>Processes and threads of all its servers together.</summary>
    public int? Pids { get; set; }

    /// <summary>Steps that one run may start.</summary>
    public int? StepsPerRun { get; set; }
}

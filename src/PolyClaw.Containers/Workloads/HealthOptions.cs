namespace PolyClaw.Containers.Workloads;

/// <summary>How replicas are asked whether they are well.</summary>
internal sealed record HealthOptions
{
    /// <summary>Between two checks of a replica that is not healthy yet. Default 100 ms.</summary>
    public TimeSpan StartInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Between two checks of a replica that was healthy. Default 5 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time for one check. Default 2 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Bad checks in a row that make a healthy replica unhealthy. Default 3.</summary>
    public int Failures { get; init; } = 3;

    /// <summary>Between two looks at what the engine runs. Default 2 s.</summary>
    public TimeSpan Look { get; init; } = TimeSpan.FromSeconds(2);
}

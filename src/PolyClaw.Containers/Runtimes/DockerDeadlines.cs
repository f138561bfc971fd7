namespace PolyClaw.Containers.Runtimes;

/// <summary>How long the Docker runtime waits for what. No call to an engine is without an end.</summary>
internal sealed record DockerDeadlines
{
    /// <summary>First answer of an engine. Default 3 s.</summary>
    public TimeSpan Probe { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Any one call. Default 30 s.</summary>
    public TimeSpan Call { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Pulling an image, all of it. Default 10 min.</summary>
    public TimeSpan Pull { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A pull that reports nothing new. Default 1 min.</summary>
    public TimeSpan PullStall { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>From end of input to SIGTERM. Default 5 s.</summary>
    public TimeSpan EndOfInput { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From SIGTERM to SIGKILL. Default 5 s.</summary>
    public TimeSpan Terminate { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What may come late: word of the memory limit, of a removal, of an exit after the streams ended. Default 2 s.</summary>
    public TimeSpan Straggler { get; init; } = TimeSpan.FromSeconds(2);
}

using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Runtimes;

/// <summary>Whether there is an engine to work with.</summary>
internal abstract record DockerProbe
{
    private DockerProbe() { }

    /// <summary>There is.</summary>
    /// <param name="Runtime">Connected; the caller disposes of it.</param>
    public sealed record Ready(DockerRuntime Runtime) : DockerProbe;

    /// <summary>There is none that can be used.</summary>
    /// <param name="Error">Why, and what to do about it.</param>
    public sealed record Unusable(Fault Error) : DockerProbe;
}

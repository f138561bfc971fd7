using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Runtimes;

/// <summary>Where an engine is looked for.</summary>
/// <param name="Address">A <c>unix</c>, <c>npipe</c>, <c>tcp</c> or <c>http</c> address.</param>
/// <param name="Origin">Where the address came from, for messages.</param>
internal sealed record DockerEndpoint(Uri Address, string Origin)
{
    /// <summary>The machine's own engine: <c>DOCKER_HOST</c>, else the platform's socket.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    /// <returns>The endpoint, or why what was given cannot be used.</returns>
    public static (DockerEndpoint? Endpoint, Fault? Fault) Resolve(Func<string, string?> variable)
    {
        var text = variable("DOCKER_HOST");
        if (string.IsNullOrEmpty(text))
        {
            return OperatingSystem.IsWindows()
                ? (new(new("npipe://./pipe/docker_engine"), "the default pipe"), null)
                : (new(new("unix:///var/run/docker.sock"), "the default socket"), null);
        }
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("unix" or "npipe" or "tcp" or "http"))
            return (null, new("docker_host", "DOCKER_HOST is " + Hardening.LaunchRules.Show(text), "DOCKER_HOST", "unix:///path, npipe://./pipe/name or tcp://host:port"));
        return string.IsNullOrEmpty(variable("DOCKER_TLS_VERIFY"))
            ? (new(address, "DOCKER_HOST"), null)
            : (null, new("docker_host", "an engine behind TLS is not supported yet", "DOCKER_TLS_VERIFY", "a local socket, or an ssh tunnel to one"));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Address} ({Origin})";
}

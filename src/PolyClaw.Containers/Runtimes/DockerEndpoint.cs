using PolyClaw.Containers.Engines;
using PolyClaw.Containers.Hardening;
using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Runtimes;

/// <summary>Where an engine is looked for.</summary>
/// <param name="Address">A <c>unix</c>, <c>npipe</c>, <c>tcp</c> or <c>http</c> address.</param>
/// <param name="Origin">Where the address came from, for messages: a setting, a variable or the platform.</param>
/// <param name="Tls">What both sides show each other; nothing for a connection that no stranger can be on.</param>
/// <param name="PublishedOn">The IP address on which replicas publish their ports and are reached.</param>
internal sealed record DockerEndpoint(Uri Address, string Origin, EngineTls? Tls = null, string PublishedOn = DockerEndpoint.Loopback)
{
    /// <summary>This machine to itself.</summary>
    public const string Loopback = "127.0.0.1";

    private const string HostVariable = "DOCKER_HOST";

    /// <summary>The machine's own engine: <c>DOCKER_HOST</c>, else the platform's socket.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    /// <returns>The endpoint, or why what was given cannot be used.</returns>
    public static (DockerEndpoint? Endpoint, Fault? Fault) Resolve(Func<string, string?> variable)
    {
        var text = variable(HostVariable);
        if (string.IsNullOrEmpty(text))
        {
            return OperatingSystem.IsWindows()
                ? (new(new("npipe://./pipe/docker_engine"), "the default pipe"), null)
                : (new(new("unix:///var/run/docker.sock"), "the default socket"), null);
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("unix" or "npipe" or "tcp" or "http"))
            return (null, new("docker_host", "DOCKER_HOST is " + LaunchRules.Show(text), HostVariable, "unix:///path, npipe://./pipe/name or tcp://host:port"));
        // As docker's own clients do: what these variables say holds for an engine on the network alone.
        return string.IsNullOrEmpty(variable("DOCKER_TLS_VERIFY")) || address.Scheme != "tcp" ? (new(address, HostVariable), null) : OverTls(address, variable);
    }

    /// <summary>What to set to say where the engine is.</summary>
    public string Setting => Origin.StartsWith("Engines:", StringComparison.Ordinal) ? Origin : HostVariable;

    /// <inheritdoc/>
    public override string ToString() => $"{Address} ({Origin})";

    private static (DockerEndpoint? Endpoint, Fault? Fault) OverTls(Uri address, Func<string, string?> variable)
    {
        var folder = variable("DOCKER_CERT_PATH");
        if (string.IsNullOrEmpty(folder))
            folder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker");
        var tls = new EngineTls(Path.Combine(folder, "ca.pem"), Path.Combine(folder, "cert.pem"), Path.Combine(folder, "key.pem"));
        var missing = new[] { tls.CaFile, tls.CertFile, tls.KeyFile }.Where(file => file.Any(char.IsControl) || !File.Exists(file)).ToList();
        if (missing.Count > 0)
            return (null, new("docker_host", $"DOCKER_TLS_VERIFY is set, and there is no {string.Join(", ", missing.Select(LaunchRules.Show))}", "DOCKER_CERT_PATH", "a folder with ca.pem, cert.pem and key.pem"));
        var published = System.Net.IPAddress.TryParse(address.DnsSafeHost, out var host) ? host.ToString() : Loopback;
        return (new(address, HostVariable, tls, published), null);
    }
}

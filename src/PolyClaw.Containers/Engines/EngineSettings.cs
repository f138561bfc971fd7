using System.Net;
using System.Net.Sockets;
using PolyClaw.Containers.Hardening;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Names;

namespace PolyClaw.Containers.Engines;

/// <summary>One engine's settings, read: where it is, or everything that is wrong with them.</summary>
/// <param name="Endpoint">Where it is; nothing when something is wrong.</param>
/// <param name="Faults">What is wrong, each with its key.</param>
internal sealed record EngineSettings(DockerEndpoint? Endpoint, IReadOnlyList<Fault> Faults)
{
    /// <summary>How the local engine is called where a name is needed; no other may be.</summary>
    public const string Local = "local";

    private const string Forms = "tcp://HOST:PORT with CaFile, CertFile and KeyFile, unix:///path, or tcp://127.0.0.1:PORT";

    /// <summary>Reads them.</summary>
    /// <param name="name">The engine's name.</param>
    /// <param name="options">Its settings.</param>
    public static EngineSettings Read(string name, EngineOptions options)
    {
        var key = "Engines:" + name;
        var faults = new List<Fault>();
        if (ServerName.Check(name, key) is { } bad)
            faults.Add(bad with { Code = "bad_setting" });
        else if (name == Local)
            faults.Add(Wrong(key, "this is what the engine of this machine is called", "another name, such as pop-up-nyc"));
        var address = ReadEndpoint(key, options, faults);
        var tls = ReadTls(key, options, address, faults);
        var published = ReadAddress(key, options, address, faults);
        return faults.Count > 0
            ? new EngineSettings(null, faults)
            : new EngineSettings(new DockerEndpoint(address!, key + ":Endpoint", tls, published!), []);
    }

    private static Uri? ReadEndpoint(string key, EngineOptions options, List<Fault> faults)
    {
        key += ":Endpoint";
        if (string.IsNullOrEmpty(options.Endpoint))
        {
            faults.Add(Wrong(key, "missing", Forms));
            return null;
        }

        if (Uri.TryCreate(options.Endpoint, UriKind.Absolute, out var address)
            && address switch
            {
                { Scheme: "unix" } => address.Host.Length == 0 && address.AbsolutePath.Length > 1,
                { Scheme: "tcp" } => address.Host.Length > 0 && address.Port > 0 && address.AbsolutePath is "/" or "",
                _ => false,
            }
            && address is { UserInfo: "", Query: "", Fragment: "" })
            return address;
        faults.Add(Wrong(key, LaunchRules.Show(options.Endpoint) + " is no address of an engine", Forms));
        return null;
    }

    private static EngineTls? ReadTls(string key, EngineOptions options, Uri? address, List<Fault> faults)
    {
        (string Key, string? Value)[] files =
            [(nameof(options.CaFile), options.CaFile), (nameof(options.CertFile), options.CertFile), (nameof(options.KeyFile), options.KeyFile)];
        var given = files.Where(file => !string.IsNullOrEmpty(file.Value)).ToList();
        if (address is { Scheme: "unix" })
        {
            faults.AddRange(given.Select(file => Wrong($"{key}:{file.Key}", "a socket takes no certificates", "leave it out")));
            return null;
        }

        if (given.Count == 0)
        {
            // Whoever reaches an engine owns its machine: over a network only both sides' certificates keep others out.
            if (address is { IsLoopback: false })
                faults.Add(Wrong(key + ":Endpoint", $"{address} is another machine, and this would reach it without TLS", "give CaFile, CertFile and KeyFile"));
            return null;
        }

        faults.AddRange(files.Except(given).Select(file => Wrong($"{key}:{file.Key}", "missing: both sides show a certificate, and the engine's is checked", "the path of a PEM file")));
        foreach (var (file, path) in given)
        {
            // The instance works in a folder of its own, wherever it was started.
            if (!Path.IsPathFullyQualified(path!) || path!.Any(char.IsControl) || !File.Exists(path))
                faults.Add(Wrong($"{key}:{file}", "there is no file " + LaunchRules.Show(path!), "the whole path of a PEM file that this user may read"));
        }

        return given.Count == files.Length ? new EngineTls(options.CaFile!, options.CertFile!, options.KeyFile!) : null;
    }

    private static string? ReadAddress(string key, EngineOptions options, Uri? endpoint, List<Fault> faults)
    {
        const string Right = "an IP address of the engine's machine, such as 10.0.7.2";
        key += ":Address";
        if (string.IsNullOrEmpty(options.Address))
        {
            if (endpoint is null or { Scheme: "unix" } or { Host: "localhost" })
                return DockerEndpoint.Loopback;
            if (IPAddress.TryParse(endpoint.DnsSafeHost, out var host))
                return host.ToString();
            faults.Add(Wrong(key, $"missing: {LaunchRules.Show(endpoint.Host)} is a name, and ports are published on an address", Right));
            return null;
        }

        // The spelling that the engine answers with: '127.1' is an address to .NET and no text that could be compared.
        if (IPAddress.TryParse(options.Address, out var address) && address.ToString() == options.Address && IsOneMachines(address))
            return options.Address;
        faults.Add(Wrong(key, LaunchRules.Show(options.Address) + " is not the address of one machine", Right));
        return null;
    }

    // 0.0.0.0 would publish to every network that the machine is in.
    private static bool IsOneMachines(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => address.GetAddressBytes() is [> 0 and < 224, ..],
        AddressFamily.InterNetworkV6 => !address.Equals(IPAddress.IPv6Any) && !address.IsIPv6Multicast && !address.IsIPv4MappedToIPv6 && address.ScopeId == 0,
        _ => false,
    };

    private static Fault Wrong(string key, string problem, string right) => new("bad_setting", problem, key, right);
}

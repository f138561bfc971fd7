using Docker.DotNet.Models;
using PolyClaw.Containers.Runtimes;

namespace PolyClaw.Containers.Hardening;

/// <summary>
/// The one place where a launch becomes a create call. A launch has no field for privileges, mounts, devices, networks or namespaces, so none can
/// be asked for; <see cref="HostConfigGuard"/> reads the result again before it leaves the house.
/// </summary>
internal static class ContainerSpecCompiler
{
    /// <summary>User and group of every child.</summary>
    public const string User = "65532:65532";

    /// <summary>What each writable place of a child is mounted with.</summary>
    public const string TmpfsOptions = "rw,noexec,nosuid,nodev,size=64m,mode=1777";

    /// <summary>Shared memory of a tier 1 child: 16 MiB.</summary>
    public const long ShmBytes = 16L << 20;

    private const long MaxFileBytes = 64L << 20;

    /// <summary>The create call for a launch.</summary>
    /// <param name="launch">What is to be started.</param>
    /// <param name="image">The image, resolved.</param>
    /// <param name="instance">Who owns it.</param>
    /// <param name="lease">Which process holds it.</param>
    /// <param name="traits">What the engine can do.</param>
    /// <param name="volumes">Folders that the image declares as volumes; see <see cref="ImageVolumes"/>.</param>
    /// <exception cref="RuntimeFaultException">The launch breaks a rule of <see cref="LaunchRules"/>.</exception>
    public static CompiledChild Compile(ChildLaunch launch, string image, string instance, string lease, EngineTraits traits, IReadOnlyList<string> volumes)
    {
        if (LaunchRules.Check(launch) is { } fault)
            throw new RuntimeFaultException(fault, transient: false);
        var toolCode = launch.Tier is HardeningTier.ToolCode;
        var name = DockerLabels.NameOf(instance, launch.Tenant, launch.Server);
        return new(name, new()
        {
            Name = name,
            Image = image,
            User = User,
            // An image's entry point may be relative to its own working folder; tool code has only ours.
            WorkingDir = toolCode ? "/tmp" : "",
            Env = Environment(launch, toolCode),
            Cmd = launch.Args.Count == 0 ? null! : [.. launch.Args],
            Tty = false,
            OpenStdin = true,
            StdinOnce = true,
            AttachStdin = true,
            AttachStdout = true,
            AttachStderr = true,
            NetworkDisabled = true,
            StopSignal = "SIGTERM",
            StopTimeout = TimeSpan.FromSeconds(5),
            Hostname = "sandbox",
            Labels = DockerLabels.Of(launch, instance, lease),
            HostConfig = Confine(launch, toolCode, traits, volumes),
        });
    }

    private static HostConfig Confine(ChildLaunch launch, bool toolCode, EngineTraits traits, IReadOnlyList<string> volumes) => new()
    {
        NetworkMode = "none",
        ReadonlyRootfs = true,
        Privileged = false,
        CapDrop = ["ALL"],
        SecurityOpt = ["no-new-privileges:true"],
        PidsLimit = launch.Pids,
        Memory = launch.MemoryBytes,
        MemorySwap = launch.MemoryBytes,
        MemorySwappiness = traits.CgroupV1 ? 0 : null,
        NanoCPUs = launch.NanoCpus,
        CPUShares = 256,
        OomKillDisable = false,
        OomScoreAdj = 500,
        Init = true,
        IpcMode = toolCode ? "none" : "private",
        ShmSize = toolCode ? 0 : ShmBytes,
        CgroupnsMode = "private",
        // Each is memory of the child's, within its limit.
        Tmpfs = volumes.Prepend("/tmp").ToDictionary(path => path, _ => TmpfsOptions, StringComparer.Ordinal),
        Ulimits =
        [
            new() { Name = "nofile", Soft = 1024, Hard = 1024 },
            new() { Name = "core", Soft = 0, Hard = 0 },
            new() { Name = "fsize", Soft = MaxFileBytes, Hard = MaxFileBytes },
        ],
        // json-file would write the protocol, secrets included, to the host's disk.
        LogConfig = new() { Type = "none" },
        RestartPolicy = new() { Name = RestartPolicyKind.No },
        // A child whose attach stream is gone ends (StdinOnce) and takes its container along, though we may never come back.
        AutoRemove = true,
        Runtime = toolCode && traits.HasRunsc ? "runsc" : null,
    };

    private static List<string> Environment(ChildLaunch launch, bool toolCode)
    {
        var env = new List<string>(launch.Env.Count + 2);
        if (!launch.Env.ContainsKey("HOME"))
            env.Add("HOME=/tmp");
        // An image knows where its own programs lie.
        if (toolCode)
            env.Add("PATH=/usr/local/bin:/usr/bin:/bin");
        foreach (var (key, value) in launch.Env.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            env.Add(key + "=" + value);
        return env;
    }
}

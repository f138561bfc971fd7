using System.Globalization;
using Docker.DotNet.Models;
using PolyClaw.Containers.Runtimes;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Services;

namespace PolyClaw.Containers.Hardening;

/// <summary>
/// The one place where a replica of a service becomes a create call: tier 2 of SECURITY.md §3. A launch has no field for privileges, mounts, devices or
/// namespaces; <see cref="HostConfigGuard"/> reads the result again before it leaves the house.
/// </summary>
internal static class ReplicaSpecCompiler
{
    /// <summary>Shared memory of a replica: 64 MiB.</summary>
    public const long ShmBytes = 64L << 20;

    /// <summary>Files and connections a replica may hold open. An engine may have no more to give than it has itself.</summary>
    public const int MaxFiles = 16_384;

    /// <summary>How often the engine itself starts a replica again, should we not be there to do it.</summary>
    public const int Restarts = 5;

    /// <summary>The first thing wrong with a launch, or nothing.</summary>
    /// <param name="launch">What is to be started.</param>
    public static Fault? Check(ReplicaLaunch launch) => LaunchRules.Check(AsChild(launch)) ?? ReplicaRules.Check(launch);

    /// <summary>The create call for a launch.</summary>
    /// <param name="launch">What is to be started.</param>
    /// <param name="instance">Who owns it.</param>
    /// <param name="traits">What the engine can do.</param>
    /// <param name="volumes">Folders that the image declares as volumes; see <see cref="ImageVolumes"/>.</param>
    /// <exception cref="RuntimeFaultException">The launch breaks a rule.</exception>
    public static CompiledChild Compile(ReplicaLaunch launch, string instance, EngineTraits traits, IReadOnlyList<string> volumes)
    {
        if (Check(launch) is { } fault)
            throw new RuntimeFaultException(fault, transient: false);
        var name = DockerLabels.NameOf(instance, launch.Id);
        var port = launch.Spec.Port.ToString(CultureInfo.InvariantCulture) + "/tcp";
        return new(name, new()
        {
            Name = name,
            Image = launch.Spec.Image,
            User = ContainerSpecCompiler.User,
            WorkingDir = "",
            Env = [.. Environment(launch.Spec.Env)],
            Cmd = launch.Spec.Args.Count == 0 ? null! : [.. launch.Spec.Args],
            Tty = false,
            StopSignal = "SIGTERM",
            StopTimeout = TimeSpan.FromSeconds(5),
            Hostname = string.Create(CultureInfo.InvariantCulture, $"replica-{launch.Id.Version}-{launch.Id.Number}"),
            ExposedPorts = new Dictionary<string, EmptyStruct> { [port] = default },
            Labels = DockerLabels.Of(launch, instance),
            HostConfig = Confine(launch, instance, port, traits, volumes),
        });
    }

    // The engine makes it with the first container that names it; it bears our labels, so it is found and removed by them.
    private static Mount Volume(ReplicaId id, string folder, string instance) => new()
    {
        Type = "volume",
        Source = DockerLabels.VolumeOf(instance, id.Tenant, id.Service),
        Target = folder,
        VolumeOptions = new() { Labels = DockerLabels.OfVolume(instance, id.Tenant, id.Service) },
    };

    private static HostConfig Confine(ReplicaLaunch launch, string instance, string port, EngineTraits traits, IReadOnlyList<string> volumes) => new()
    {
        NetworkMode = launch.Network,
        // On one address, this machine's own as a rule; the engine chooses the port.
        PortBindings = new Dictionary<string, IList<PortBinding>> { [port] = [new() { HostIP = launch.PublishedOn, HostPort = "" }] },
        ReadonlyRootfs = true,
        Privileged = false,
        CapDrop = ["ALL"],
        SecurityOpt = ["no-new-privileges:true"],
        PidsLimit = launch.Spec.Amounts.Pids,
        Memory = launch.Spec.Amounts.MemoryBytes,
        MemorySwap = launch.Spec.Amounts.MemoryBytes,
        MemorySwappiness = traits.CgroupV1 ? 0 : null,
        NanoCPUs = launch.Spec.Amounts.NanoCpus,
        CPUShares = 256,
        OomKillDisable = false,
        OomScoreAdj = 500,
        Init = true,
        IpcMode = "private",
        ShmSize = ShmBytes,
        CgroupnsMode = "private",
        Tmpfs = volumes.Where(path => path != launch.Spec.Volume).Prepend("/tmp").ToDictionary(path => path, _ => ContainerSpecCompiler.TmpfsOptions, StringComparer.Ordinal),
        Ulimits = [new() { Name = "nofile", Soft = MaxFiles, Hard = MaxFiles }, new() { Name = "core", Soft = 0, Hard = 0 }],
        LogConfig = new() { Type = "json-file", Config = new Dictionary<string, string> { ["max-size"] = "10m", ["max-file"] = "3" } },
        Mounts = launch.Spec.Volume is { } folder ? [Volume(launch.Id, folder, instance)] : [],
        RestartPolicy = new() { Name = RestartPolicyKind.OnFailure, MaximumRetryCount = Restarts },
        // A service belongs to the home: it stays when this process ends.
        AutoRemove = false,
    };

    private static IEnumerable<string> Environment(IReadOnlyDictionary<string, string> env) =>
        (env.ContainsKey("HOME") ? [] : (IEnumerable<string>)["HOME=/tmp"])
            .Concat(env.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key + "=" + pair.Value));

    // What every container is asked: names, image, arguments, environment, quantities.
    private static ChildLaunch AsChild(ReplicaLaunch launch) => new(
        launch.Id.Tenant, launch.Id.Service, "", "", launch.Spec.SpecSha256, HardeningTier.ChildServer, launch.Spec.Image, launch.Spec.Args, launch.Spec.Env,
        launch.Spec.Amounts.NanoCpus, launch.Spec.Amounts.MemoryBytes, launch.Spec.Amounts.Pids);
}

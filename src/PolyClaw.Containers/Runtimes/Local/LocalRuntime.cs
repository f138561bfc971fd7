using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using PolyClaw.Containers.Hardening;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Servers;

namespace PolyClaw.Containers.Runtimes.Local;

/// <summary>Runs ToolServer as a process of this machine: in bubblewrap where that works, else as a limited bare process. Nothing else is run here.</summary>
internal sealed class LocalRuntime : IRuntime
{
    // Measured: 55 to 75 MiB and 7 to 17 threads a process.
    private const long FrameworkBytes = 256L << 20;
    private const int FrameworkPids = 64;

    private readonly ConcurrentDictionary<string, LocalChild> _children = new(StringComparer.Ordinal);
    private readonly SpawnThread _spawn = new();
    private readonly LocalTraits _traits;
    private readonly TimeProvider _clock;
    private long _started;
    private int _disposed;

    /// <summary>A runtime on a machine that was looked at.</summary>
    public LocalRuntime(LocalTraits traits, TimeProvider clock)
    {
        _traits = traits;
        _clock = clock;
        Info = new RuntimeInfo("local", traits.Sandbox is null ? Isolation.Process : Isolation.Sandbox, traits.Detail);
    }

    /// <inheritdoc/>
    public RuntimeInfo Info { get; }

    /// <inheritdoc/>
    public Fault? Refuses(ChildLaunch launch)
    {
        if (launch.Image is not null)
        {
            return new Fault(
                "needs_docker",
                $"image servers need Docker: '{launch.Image}' cannot run as a local process",
                "/source/image",
                "start a Docker engine, or give the tools as code (kind 'tools')");
        }

        return LaunchRules.Check(launch) ?? _traits.Missing;
    }

    /// <inheritdoc/>
    public async Task<IChild> StartAsync(ChildLaunch launch, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        if (Refuses(launch) is { } refusal)
            throw new RuntimeFaultException(refusal, transient: false);
        var name = $"{launch.Tenant}.{launch.Server}";
        if (_children.TryRemove(name, out var leftover))
            await leftover.DisposeAsync();
        cancellationToken.ThrowIfCancellationRequested();

        var group = MakeGroup(launch);
        Process? process = null;
        try
        {
            process = await _spawn.StartAsync(StartInfo(launch));
            // Before its first byte of work: the definition is sent only after this returns.
            group?.Take(process.Id);
        }
        catch (Exception refused) when (refused is Win32Exception or IOException or UnauthorizedAccessException)
        {
            process?.Kill(entireProcessTree: true);
            if (group is not null)
                await group.RemoveAsync(_clock);
            throw new RuntimeFaultException(new Fault("process_refused", $"the process could not be started: {refused.Message}"), transient: true, refused);
        }

        var child = new LocalChild(name, process, _traits.Setsid is not null, group, _clock);
        _children[name] = child;
        _ = ForgetAsync(child);
        return child;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> SweepAsync(IReadOnlySet<string> keep, CancellationToken cancellationToken)
    {
        // Processes of an earlier life died with it, by the kernel or at the end of their input: only our own can be here. What it could not
        // remove is their groups, which bear no child's name.
        if (_traits.Groups is { } groups)
            ControlGroup.RemoveLeft(groups);
        var swept = new List<string>();
        foreach (var (name, child) in _children.Where(pair => !keep.Contains(pair.Key)))
        {
            await child.DisposeAsync();
            swept.Add(name);
        }

        return swept;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await Task.WhenAll(_children.Values.Select(child => child.DisposeAsync().AsTask()));
        _spawn.Dispose();
    }

    private async Task ForgetAsync(LocalChild child)
    {
        await child.Exited;
        _children.TryRemove(new(child.Name, child));
    }

    private ControlGroup? MakeGroup(ChildLaunch launch)
    {
        if (_traits.Groups is null)
            return null;
        var name = string.Create(CultureInfo.InvariantCulture, $"{ControlGroup.Prefix}{Environment.ProcessId}.{Interlocked.Increment(ref _started)}");
        try
        {
            return ControlGroup.Make(_traits.Groups, name, _traits.Program is { Dotnet: not null } ? WithFramework(launch) : launch);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new RuntimeFaultException(
                new Fault("limits_refused", $"the limits of the server could not be set: {refused.Message}", "/resources"), transient: false, refused);
        }
    }

    // A ToolServer that is not native brings the framework along in each of its processes (server, spare, worker, and one that is ending):
    // what that takes is not the tool's, and a busy machine must not make it so. The heaps keep to the launch's own limit.
    private static ChildLaunch WithFramework(ChildLaunch launch) =>
        launch with { MemoryBytes = launch.MemoryBytes + FrameworkBytes, Pids = launch.Pids + FrameworkPids };

    private ProcessStartInfo StartInfo(ChildLaunch launch)
    {
        var program = _traits.Program!;
        var environment = EnvironmentOf(launch, program);
        IReadOnlyList<string> command =
        [
            .. _traits.Setsid is { } setsid ? [setsid] : Array.Empty<string>(),
            .. _traits.Setpriv is { } setpriv ? [setpriv, "--pdeathsig", "KILL", "--no-new-privs", "--"] : Array.Empty<string>(),
            .. _traits.Prlimit is { } prlimit ? [prlimit, "--nofile=1024:1024", "--core=0:0", "--fsize=67108864:67108864", "--"] : Array.Empty<string>(),
            .. _traits.Sandbox is { } sandbox ? sandbox.Command(program, environment) : program.Command,
        ];
        var info = new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        info.Environment.Clear();
        foreach (var (name, value) in environment)
            info.Environment[name] = value;
        return info;
    }

    // All of it. Nothing is taken over from ours.
    private static Dictionary<string, string> EnvironmentOf(ChildLaunch launch, ToolServerProgram program)
    {
        var environment = new Dictionary<string, string>(launch.Env)
        {
            ["HOME"] = "/tmp",
            ["TMPDIR"] = "/tmp",
            ["LANG"] = "C.UTF-8",
            ["PATH"] = "/usr/bin:/bin",
            ["DOTNET_EnableDiagnostics"] = "0",
            ["DOTNET_GCHeapHardLimit"] = launch.MemoryBytes.ToString("x", CultureInfo.InvariantCulture),
        };
        if (program.Dotnet is not null)
            environment["DOTNET_ROOT"] = Path.GetDirectoryName(program.Dotnet)!;
        return environment;
    }
}

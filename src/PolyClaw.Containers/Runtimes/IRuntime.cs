using PolyClaw.Core.Servers;

namespace PolyClaw.Containers.Runtimes;

/// <summary>Where child processes run. Two exist, <c>docker</c> and <c>local</c>, judged by one contract test suite.</summary>
internal interface IRuntime : IAsyncDisposable
{
    /// <summary>Name, isolation and version, for views.</summary>
    RuntimeInfo Info { get; }

    /// <summary>Whether it can run this kind of launch; if not, why not and what would be needed.</summary>
    Core.Goals.Fault? Refuses(ChildLaunch launch);

    /// <summary>Starts a child with its streams attached before its first byte. A leftover of the same name is removed first.</summary>
    /// <exception cref="RuntimeFaultException">The engine or the machine refused; nothing of the child is left.</exception>
    Task<IChild> StartAsync(ChildLaunch launch, CancellationToken cancellationToken);

    /// <summary>Removes every object that bears this instance's label and is not among <paramref name="keep"/> (child names).</summary>
    /// <returns>Names of what was removed.</returns>
    Task<IReadOnlyList<string>> SweepAsync(IReadOnlySet<string> keep, CancellationToken cancellationToken);
}

/// <summary>A running child: its streams, its end.</summary>
internal interface IChild : IAsyncDisposable
{
    /// <summary>Unique name in the runtime, made from tenant and server; what the label and the reaper go by.</summary>
    string Name { get; }

    /// <summary>The child's stdin.</summary>
    Stream Input { get; }

    /// <summary>The child's stdout. Unbounded: read it only through the bounded line reader.</summary>
    Stream Output { get; }

    /// <summary>The last of its stderr, at most 256 KiB, as it came.</summary>
    string ErrorTail { get; }

    /// <summary>Completes when the child has ended, however it ended.</summary>
    Task<ChildExit> Exited { get; }

    /// <summary>Ends it: end of input, 5 s, SIGTERM, 5 s, SIGKILL, removal. Safe to call twice. Disposal does the same with no patience.</summary>
    Task StopAsync(CancellationToken cancellationToken);
}

/// <summary>How a child ended.</summary>
/// <param name="Code">Exit code; 137 for a kill; <see cref="Unknown"/> when nobody saw how it ended.</param>
/// <param name="OutOfMemory">The memory limit killed it.</param>
internal sealed record ChildExit(int Code, bool OutOfMemory)
{
    /// <summary>The code of a child that ended unseen: its engine was out of reach and nothing of it was left to ask.</summary>
    public const int Unknown = -1;
}

/// <summary>A child to start: everything that decides about it, nothing read from anywhere else.</summary>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Server">The server's name.</param>
/// <param name="Key">Idempotency key of the step that made it; a label.</param>
/// <param name="RunId">The run that made it; a label. Empty for none.</param>
/// <param name="SpecSha256">Digest of the spec; a label.</param>
/// <param name="Tier">How hard it is confined.</param>
/// <param name="Image">Image reference; nothing means ToolServer.</param>
/// <param name="Args">Arguments after the entry point.</param>
/// <param name="Env">Its whole environment.</param>
/// <param name="NanoCpus">Processor limit.</param>
/// <param name="MemoryBytes">Memory limit, swap included.</param>
/// <param name="Pids">Processes and threads at most.</param>
internal sealed record ChildLaunch(
    string Tenant,
    string Server,
    string Key,
    string RunId,
    string SpecSha256,
    HardeningTier Tier,
    string? Image,
    IReadOnlyList<string> Args,
    IReadOnlyDictionary<string, string> Env,
    long NanoCpus,
    long MemoryBytes,
    int Pids);

/// <summary>Hardening tiers of SECURITY §3.</summary>
internal enum HardeningTier
{
    /// <summary>T0: tool code that somebody or some model wrote.</summary>
    ToolCode,

    /// <summary>T1: a child MCP server from an image.</summary>
    ChildServer,
}

/// <summary>A runtime could not do what was asked.</summary>
internal sealed class RuntimeFaultException : Exception
{
    /// <summary>A fault with nothing more to say.</summary>
    public RuntimeFaultException(Core.Goals.Fault fault, bool transient, Exception? inner = null)
        : base(fault.ToString(), inner)
    {
        Fault = fault;
        Transient = transient;
    }

    /// <summary>What was wrong and what to do.</summary>
    public Core.Goals.Fault Fault { get; }

    /// <summary>Whether trying again may help.</summary>
    public bool Transient { get; }
}

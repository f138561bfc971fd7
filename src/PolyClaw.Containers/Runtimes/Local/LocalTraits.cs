using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Runtimes.Local;

/// <summary>What this machine offers to the local runtime.</summary>
/// <param name="Program">ToolServer; nothing when it was not found.</param>
/// <param name="Missing">Why it was not found.</param>
/// <param name="Sandbox">Bubblewrap, when its probe passed.</param>
/// <param name="Groups">Where control groups can be made.</param>
/// <param name="Setsid">The program that gives a process a group of its own.</param>
/// <param name="Setpriv">The program that ties a process's life to ours; only used without a sandbox, which does it itself.</param>
/// <param name="Prlimit">The program that sets resource limits.</param>
/// <param name="Detail">All of this in words.</param>
internal sealed record LocalTraits(
    ToolServerProgram? Program,
    Fault? Missing,
    Sandbox? Sandbox,
    ControlGroupRoot? Groups,
    string? Setsid,
    string? Setpriv,
    string? Prlimit,
    string Detail);

namespace PolyClaw.Containers.Hardening;

/// <summary>What an engine can do, as far as hardening depends on it.</summary>
/// <param name="HasRunsc">gVisor is among its runtimes.</param>
/// <param name="CgroupV1">Its cgroups are version 1, the only one that knows swappiness.</param>
internal sealed record EngineTraits(bool HasRunsc, bool CgroupV1);

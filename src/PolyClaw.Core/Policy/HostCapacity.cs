using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Policy;

/// <summary>The capacity of a host server. People write its processors as they write memory, and mean cores.</summary>
public static class HostCapacity
{
    private const string Unit = "Gi";

    /// <summary>The amounts of a spec as they are counted: for a host, <c>cpu=2Gi</c> is 2 cores.</summary>
    /// <param name="spec">What a server is to be.</param>
    public static ServerResources? Read(ServerSpec spec) =>
        spec is { Source: ServerSource.Host, Resources: { Cpu: { } cpu } resources } && Cores(cpu) is { } cores ? resources with { Cpu = cores } : spec.Resources;

    /// <summary>What the reader should know of a host's capacity: what was read otherwise than it is written, and what no engine enforces.</summary>
    /// <param name="spec">What a server is to be.</param>
    public static IReadOnlyList<string> Notes(ServerSpec spec)
    {
        if (spec is not { Source: ServerSource.Host, Resources: { } resources })
            return [];
        var notes = new List<string>();
        if (resources.Cpu is { } cpu && Cores(cpu) is { } cores)
            notes.Add($"cpu={cpu} is taken for {cores} {(cores == "1" ? "core" : "cores")}");
        if (resources.Storage is { } storage)
            notes.Add($"storage={storage} is counted, and not enforced by the engine");
        return notes;
    }

    // 2Gi is no amount of processor time in any grammar, so nothing that was meant otherwise is read so.
    private static string? Cores(string cpu) =>
        cpu.EndsWith(Unit, StringComparison.Ordinal) && cpu[..^Unit.Length] is { Length: > 0 } cores && cores.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0 ? cores : null;
}

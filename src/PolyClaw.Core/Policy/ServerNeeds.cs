using PolyClaw.Core.Goals;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Policy;

/// <summary>What a server would hold: what its spec says, the rest by hardening tier.</summary>
/// <param name="Amounts">The amounts; one that could not be read is 0.</param>
/// <param name="Faults">What could not be read.</param>
internal sealed record ServerNeeds(ResourceAmounts Amounts, IReadOnlyList<Fault> Faults)
{
    public static ServerNeeds None { get; } = new(ResourceAmounts.None, []);

    // Tool code (T0) and images (T1) of SECURITY §3. What runs elsewhere holds nothing here but its place in the count.
    private static readonly ResourceAmounts ToolCode = new(NanoCpus: 500_000_000, MemoryBytes: 128L << 20, Servers: 1, Pids: 64);
    private static readonly ResourceAmounts ChildServer = new(NanoCpus: 1_000_000_000, MemoryBytes: 256L << 20, Servers: 1, Pids: 128);
    private static readonly ResourceAmounts Elsewhere = new(Servers: 1);

    public static ServerNeeds Of(ServerSpec spec) => Read(HostCapacity.Read(spec), DefaultsOf(spec.Source));

    public static ServerNeeds Of(ServerResources? resources) => Read(resources, ResourceAmounts.None);

    public static ServerNeeds Of(ServerResources? resources, ResourceAmounts defaults) => Read(resources, defaults);

    private static ResourceAmounts DefaultsOf(ServerSource source) => source switch
    {
        ServerSource.Tools or ServerSource.Host => ToolCode,
        ServerSource.Remote => Elsewhere,
        _ => ChildServer,
    };

    private static ServerNeeds Read(ServerResources? asked, ResourceAmounts defaults)
    {
        if (asked is null)
            return new ServerNeeds(defaults, []);
        var faults = new List<Fault>();
        var amounts = defaults;
        if (asked.Cpu is not null)
        {
            if (!CpuQuantity.TryParse(asked.Cpu, "/resources/cpu", out var cpu, out var fault))
                faults.Add(fault);
            amounts = amounts with { NanoCpus = cpu.NanoCpus };
        }

        if (asked.Memory is not null)
        {
            if (!MemoryQuantity.TryParse(asked.Memory, "/resources/memory", out var memory, out var fault))
                faults.Add(fault);
            amounts = amounts with { MemoryBytes = memory.Bytes };
        }

        if (asked.Storage is not null)
        {
            if (!MemoryQuantity.TryParse(asked.Storage, "/resources/storage", out var storage, out var fault))
                faults.Add(fault);
            amounts = amounts with { StorageBytes = storage.Bytes };
        }

        if (asked.Pids is { } pids)
        {
            if (pids < 1)
                faults.Add(new Fault("invalid_quantity", $"{pids} is no number of processes", "/resources/pids", "a whole number of at least 1, for example 64"));
            amounts = amounts with { Pids = Math.Max(0, pids) };
        }

        return new ServerNeeds(amounts, faults);
    }
}

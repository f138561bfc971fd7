namespace PolyClaw.Core.Policy;

/// <summary>Checked quantities: what quotas count and what a container is limited to.</summary>
/// <param name="NanoCpus">Processor time, 10^9 for one core.</param>
/// <param name="MemoryBytes">Memory in bytes.</param>
/// <param name="StorageBytes">Storage in bytes.</param>
/// <param name="Servers">Child servers.</param>
/// <param name="Pids">Processes and threads.</param>
/// <param name="Services">Services.</param>
/// <param name="Replicas">Replicas of services.</param>
public sealed record ResourceAmounts(
    long NanoCpus = 0, long MemoryBytes = 0, long StorageBytes = 0, int Servers = 0, int Pids = 0, int Services = 0, int Replicas = 0)
{
    /// <summary>Nothing.</summary>
    public static ResourceAmounts None { get; } = new();

    /// <summary>Whether any amount is below zero, which nothing may hold.</summary>
    public bool HasNegative => NanoCpus < 0 || MemoryBytes < 0 || StorageBytes < 0 || Servers < 0 || Pids < 0 || Services < 0 || Replicas < 0;

    /// <summary>The sum, checked.</summary>
    /// <param name="other">What is added.</param>
    /// <exception cref="OverflowException">A sum does not fit.</exception>
    public ResourceAmounts Plus(ResourceAmounts other) => checked(new(
        NanoCpus + other.NanoCpus, MemoryBytes + other.MemoryBytes, StorageBytes + other.StorageBytes,
        Servers + other.Servers, Pids + other.Pids, Services + other.Services, Replicas + other.Replicas));

    /// <summary>The difference, checked.</summary>
    /// <param name="other">What is taken away.</param>
    /// <exception cref="OverflowException">A difference does not fit.</exception>
    public ResourceAmounts Minus(ResourceAmounts other) => checked(new(
        NanoCpus - other.NanoCpus, MemoryBytes - other.MemoryBytes, StorageBytes - other.StorageBytes,
        Servers - other.Servers, Pids - other.Pids, Services - other.Services, Replicas - other.Replicas));

    /// <summary>So many times this, checked.</summary>
    /// <param name="count">How many; not negative.</param>
    /// <exception cref="OverflowException">A product does not fit.</exception>
    public ResourceAmounts Times(int count) => checked(new(
        NanoCpus * count, MemoryBytes * count, StorageBytes * count, Servers * count, Pids * count, Services * count, Replicas * count));

    /// <summary>How many times this fits in <paramref name="free"/>.</summary>
    /// <param name="free">What is left, not negative.</param>
    public int CountIn(ResourceAmounts free)
    {
        long[] counts =
        [
            In(NanoCpus, free.NanoCpus), In(MemoryBytes, free.MemoryBytes), In(StorageBytes, free.StorageBytes), In(Servers, free.Servers),
            In(Pids, free.Pids), In(Services, free.Services), In(Replicas, free.Replicas),
        ];
        return (int)Math.Min(int.MaxValue, counts.Min());

        static long In(long one, long all) => one == 0 ? long.MaxValue : all / one;
    }

    /// <summary>What is left when <paramref name="used"/> is taken away; never negative.</summary>
    /// <param name="used">What is held, not negative.</param>
    public ResourceAmounts LeftAfter(ResourceAmounts used) => new(
        Math.Max(0, NanoCpus - used.NanoCpus), Math.Max(0, MemoryBytes - used.MemoryBytes),
        Math.Max(0, StorageBytes - used.StorageBytes), Math.Max(0, Servers - used.Servers), Math.Max(0, Pids - used.Pids),
        Math.Max(0, Services - used.Services), Math.Max(0, Replicas - used.Replicas));

    /// <summary>Whether this is no more than <paramref name="limit"/> in every amount.</summary>
    /// <param name="limit">The most.</param>
    public bool FitsIn(ResourceAmounts limit) =>
        NanoCpus <= limit.NanoCpus && MemoryBytes <= limit.MemoryBytes && StorageBytes <= limit.StorageBytes
        && Servers <= limit.Servers && Pids <= limit.Pids && Services <= limit.Services && Replicas <= limit.Replicas;
}

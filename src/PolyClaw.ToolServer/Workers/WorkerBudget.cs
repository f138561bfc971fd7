using PolyClaw.ToolServer.Definitions;

namespace PolyClaw.ToolServer.Workers;

/// <summary>How many workers may run at once, and how large the heap of each may grow, in the memory there is.</summary>
/// <param name="Slots">Calls that run at the same time, 1 to 4; further ones wait.</param>
/// <param name="HeapMib">MiB of managed heap of each worker: what the definition gives, or what there is.</param>
internal sealed record WorkerBudget(int Slots, int HeapMib)
{
    private const int MostSlots = 4;
    private const int LeastHeapMib = 16;

    // Measured: what the server and a spare that waits take, and what a running worker takes beside its heap.
    private const int StandingMib = 40;
    private const int BesideHeapMib = 16;

    public static WorkerBudget For(LimitsDefinition limits, long availableBytes)
    {
        var room = Math.Max(0, availableBytes / (1024 * 1024) - StandingMib);
        var slots = (int)Math.Clamp(room / (limits.MemoryMib + BesideHeapMib), 1, MostSlots);
        var heap = (int)Math.Clamp(room / slots - BesideHeapMib, LeastHeapMib, limits.MemoryMib);
        return new WorkerBudget(slots, heap);
    }
}

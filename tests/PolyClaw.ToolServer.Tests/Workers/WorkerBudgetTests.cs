using PolyClaw.ToolServer.Definitions;
using PolyClaw.ToolServer.Workers;

namespace PolyClaw.ToolServer.Tests.Workers;

public sealed class WorkerBudgetTests
{
    [Fact]
    public void Gives_four_slots_and_the_whole_heap_where_there_is_room() =>
        Assert.Equal(new WorkerBudget(4, 256), WorkerBudget.For(new LimitsDefinition(), 16L * 1024 * 1024 * 1024));

    [Fact]
    public void Gives_one_slot_and_the_heap_there_is_in_a_small_container()
    {
        var budget = WorkerBudget.For(new LimitsDefinition(), 96L * 1024 * 1024);

        Assert.Equal(1, budget.Slots);
        Assert.InRange(budget.HeapMib, 32, 64);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1024)]
    public void Never_gives_less_than_one_call_needs(long available) =>
        Assert.Equal(new WorkerBudget(1, 16), WorkerBudget.For(new LimitsDefinition(), available));
}

using PolyClaw.Core.Actions;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Execution.Handlers;

namespace PolyClaw.Core.Tests.Execution.Handlers;

public sealed class CallToolHandlerTests
{
    [Fact]
    public async Task A_step_gives_a_call_as_long_as_the_children_may_take()
    {
        await using var house = new RunHouse();
        var call = new PlanAction.CallTool("a", "total");
        Assert.Equal(TimeSpan.FromSeconds(90), new CallToolHandler(house.Servers, house.Blobs).TimeLimit(call));
        Assert.Equal(TimeSpan.FromMinutes(20), new CallToolHandler(house.Servers, house.Blobs, new ToolCallLimit(TimeSpan.FromMinutes(20))).TimeLimit(call));
    }
}

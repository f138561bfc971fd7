using System.Diagnostics;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Policy;

namespace PolyClaw.Core.Tests.Policy;

public class GateCostTests(ITestOutputHelper output)
{
    [Fact]
    [Trait("Promise", "P20")]
    public void A_decision_allocates_little_and_its_time_is_told()
    {
        var house = new GateHouse();
        var call = new PlanAction.CallTool("sales", "total", GateHouse.AnyObject);
        var create = GateHouse.ToolServer();
        Run(() => house.Decide(call), 2_000);
        Run(Create, 2_000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        house.Decide(call);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // The time is told and not judged: a test machine may be busy. What it allocates does not depend on that.
        output.WriteLine($"call_tool: p50 {Run(() => house.Decide(call), 5_000):0.0} µs, {allocated} bytes; create_mcp_server: p50 {Run(Create, 5_000):0.0} µs");
        Assert.InRange(allocated, 1, 16_384);

        void Create() => house.Ledger.Release(((Verdict.Allowed)house.Decide(create)).Permit.Reservation);
    }

    private static double Run(Action action, int times)
    {
        var ticks = new long[times];
        for (var i = 0; i < times; i++)
        {
            var start = Stopwatch.GetTimestamp();
            action();
            ticks[i] = Stopwatch.GetTimestamp() - start;
        }

        Array.Sort(ticks);
        return ticks[times / 2] * 1e6 / Stopwatch.Frequency;
    }
}

using System.Diagnostics;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using PolyClaw.Core.Servers;

namespace PolyClaw.Containers.Tests.Children;

public sealed class CallOverheadTests
{
    private const int Calls = 3000;

    /// <summary>By hand: on a busy machine the figure says nothing.</summary>
    [Fact(Explicit = true)]
    [Trait("Promise", "P46")]
    public async Task A_call_takes_at_most_a_tenth_of_a_millisecond_more_than_the_SDKs_own()
    {
        await using var house = new House(new FakeRuntime(_ => new FakeChild(null)), TimeProvider.System);
        await house.CreatedAsync();
        var plain = new FakeChild(null);
        await using var client = await McpClient.CreateAsync(new StreamClientTransport(plain.Input, plain.Output), cancellationToken: House.Soon);
        var arguments = new Dictionary<string, object?> { ["text"] = "hello" };
        var heard = new Heard();
        var direct = new double[Calls];
        var ours = new double[Calls];
        for (var i = -500; i < Calls; i++)
        {
            var begun = Stopwatch.GetTimestamp();
            await client.CallToolAsync("echo", arguments, cancellationToken: House.Soon);
            var between = Stopwatch.GetTimestamp();
            var permit = Permits.Call("child", "echo", """{"text":"hello"}""");
            var second = Stopwatch.GetTimestamp();
            Assert.IsType<ToolOutcome.Answered>(await house.Servers.CallAsync(permit, heard, House.Soon));
            if (i >= 0)
                (direct[i], ours[i]) = (Stopwatch.GetElapsedTime(begun, between).TotalMicroseconds, Stopwatch.GetElapsedTime(second).TotalMicroseconds);
        }

        Array.Sort(direct);
        Array.Sort(ours);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"direct p50 {direct[Calls / 2]:F1} p95 {direct[Calls * 95 / 100]:F1} us; ours p50 {ours[Calls / 2]:F1} p95 {ours[Calls * 95 / 100]:F1} us");
        Assert.InRange(ours[Calls / 2] - direct[Calls / 2], double.NegativeInfinity, 100);
    }
}

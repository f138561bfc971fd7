using PolyClaw.Containers.Runtimes;
using PolyClaw.Containers.Runtimes.Local;

namespace PolyClaw.Containers.Tests.Runtimes.Local;

public sealed class ErrorRingTests
{
    [Fact]
    [Trait("BadInput", "B79")]
    public async Task Reads_200_MB_and_keeps_the_last_256_KiB()
    {
        var flood = new Flood(200L << 20);
        var ring = new ErrorRing(flood);
        await ring.Ended;
        Assert.Equal(200L << 20, flood.Given);
        Assert.Equal(new string('x', StderrTail.Capacity), ring.ToString());
    }

    [Fact]
    public async Task Keeps_the_end_in_its_order()
    {
        var text = string.Concat(Enumerable.Range(0, 60_000).Select(i => $"{i}\n"));
        var ring = new ErrorRing(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)));
        await ring.Ended;
        Assert.Equal(text[^StderrTail.Capacity..], ring.ToString());
    }
}

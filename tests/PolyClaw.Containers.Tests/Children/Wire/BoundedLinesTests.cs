using System.Text;
using CsCheck;
using PolyClaw.Containers.Children.Wire;

namespace PolyClaw.Containers.Tests.Children.Wire;

public sealed class BoundedLinesTests
{
    [Fact]
    public void Gives_back_the_lines_however_they_arrive() =>
        Gen.Select(Gen.String[Gen.Char["abcdefä \r"], 0, 40].Array[0, 30], Gen.Int[1, 50]).Sample((lines, piece) =>
        {
            var text = string.Concat(lines.Select(line => line + "\n"));
            using var reader = new BoundedLines(new Pieces(Encoding.UTF8.GetBytes(text), piece), 1000);
            var read = new List<string>();
            while (reader.ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult())
                read.Add(Encoding.UTF8.GetString(reader.Current.Span));
            return read.SequenceEqual(lines.Select(line => line.EndsWith('\r') ? line[..^1] : line));
        });

    [Theory]
    [Trait("BadInput", "B70")]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public async Task Takes_a_line_of_the_limit_and_no_longer_one(int length, bool taken)
    {
        using var reader = new BoundedLines(new Pieces([.. Enumerable.Repeat((byte)'x', length), (byte)'\n'], 7), 100);
        if (taken)
            Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken));
        else
            await Assert.ThrowsAsync<ChildFaultException>(() => reader.ReadAsync(TestContext.Current.CancellationToken).AsTask());
    }

    [Fact]
    [Trait("BadInput", "B70")]
    public async Task Stops_reading_a_flood_at_the_limit()
    {
        var flood = new Flood();
        using var reader = new BoundedLines(flood, ChildLimits.LineBytes);
        await Assert.ThrowsAsync<ChildFaultException>(() => reader.ReadAsync(TestContext.Current.CancellationToken).AsTask());
        Assert.InRange(flood.Given, ChildLimits.LineBytes, 3L * ChildLimits.LineBytes);
    }

    private sealed class Pieces(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}

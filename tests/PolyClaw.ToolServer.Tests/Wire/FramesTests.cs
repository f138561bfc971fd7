using PolyClaw.ToolServer.Wire;

namespace PolyClaw.ToolServer.Tests.Wire;

public sealed class FramesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reads_back_what_was_written_either_way()
    {
        using var stream = new MemoryStream();
        await Frames.WriteAsync(stream, new byte[] { 1, 2 }, Token);
        Frames.Write(stream, []);
        stream.Position = 0;

        var first = await Frames.ReadAsync(stream, 10, Token);
        var second = await Frames.ReadAsync(stream, 10, Token);
        Assert.Equal(new byte[] { 1, 2 }, first!);
        Assert.Empty(second!);
        Assert.Null(await Frames.ReadAsync(stream, 10, Token));
    }

    [Theory]
    [InlineData(new byte[] { 11, 0, 0, 0 })]
    [InlineData(new byte[] { 255, 255, 255, 255 })]
    public async Task Refuses_a_length_beyond_the_limit_before_it_takes_memory(byte[] prefix) =>
        _ = await Assert.ThrowsAsync<InvalidDataException>(async () => await Frames.ReadAsync(new MemoryStream(prefix), 10, Token));

    [Theory]
    [InlineData(new byte[] { 1, 0 })]
    [InlineData(new byte[] { 2, 0, 0, 0, 7 })]
    public async Task Tells_an_end_within_a_frame_from_an_end_between_two(byte[] bytes) =>
        _ = await Assert.ThrowsAsync<EndOfStreamException>(async () => await Frames.ReadAsync(new MemoryStream(bytes), 10, Token));
}

using System.Text;
using CsCheck;
using PolyClaw.ToolServer.Streams;

namespace PolyClaw.ToolServer.Tests.Streams;

[Trait("BadInput", "B10")]
public sealed class BoundedLineStreamTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Gives_the_first_line_and_then_every_byte_that_follows()
    {
        await using var stream = new BoundedLineStream(Input("one\ntwo\nthree"), 100);

        Assert.Equal("one", Encoding.UTF8.GetString((await stream.ReadLineAsync(100, Token))!.Value.Span));
        Assert.Equal("two\nthree", await RestAsync(stream));
        Assert.Null(stream.Fault);
    }

    [Fact]
    public async Task Gives_a_last_line_without_an_end_and_then_nothing()
    {
        await using var stream = new BoundedLineStream(Input("one"), 100);

        Assert.Equal("one", Encoding.UTF8.GetString((await stream.ReadLineAsync(3, Token))!.Value.Span));
        Assert.Null(await stream.ReadLineAsync(3, Token));
    }

    [Fact]
    public async Task Refuses_a_first_line_longer_than_its_own_limit()
    {
        await using var stream = new BoundedLineStream(Input("four\n"), 100);

        _ = await Assert.ThrowsAsync<LineTooLongException>(async () => await stream.ReadLineAsync(3, Token));
    }

    [Fact]
    public async Task Ends_for_good_at_a_line_longer_than_the_limit()
    {
        await using var stream = new BoundedLineStream(Input("ok\n" + new string('x', 200_000) + "\nok\n"), 1000);
        var buffer = new byte[500];
        var passed = 0;
        while (await stream.ReadAsync(buffer, Token) is > 0 and var read)
        {
            passed += read;
        }

        Assert.NotNull(stream.Fault);
        Assert.InRange(passed, 3, 1003);
        Assert.Equal(0, await stream.ReadAsync(buffer, Token));
    }

    [Fact]
    public async Task Passes_exactly_what_came_where_every_line_fits_however_it_is_cut() =>
        await Gen.Select(Gen.String[Gen.Char['a', 'c'], 0, 20].Array[0, 20], Gen.Int[1, 7]).SampleAsync(async (lines, size) =>
        {
            var text = string.Join('\n', lines);
            await using var stream = new BoundedLineStream(Input(text), 20);
            var seen = new StringBuilder();
            var buffer = new byte[size];
            while (await stream.ReadAsync(buffer, Token) is > 0 and var read)
            {
                _ = seen.Append(Encoding.UTF8.GetString(buffer, 0, read));
            }

            Assert.Null(stream.Fault);
            Assert.Equal(text, seen.ToString());
        });

    private static MemoryStream Input(string text) => new(Encoding.UTF8.GetBytes(text));

    private static async Task<string> RestAsync(Stream stream)
    {
        using var rest = new MemoryStream();
        await stream.CopyToAsync(rest, Token);
        return Encoding.UTF8.GetString(rest.ToArray());
    }
}

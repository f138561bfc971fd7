using PolyClaw.Core.Planning.Commands;

namespace PolyClaw.Core.Tests.Planning.Commands;

public sealed class LexerTests
{
    [Fact, Trait("BadInput", "B55")]
    public void Many_JSON_values_cost_as_much_as_their_text_and_not_its_square()
    {
        const int values = 2_000;
        var text = string.Concat(Enumerable.Range(0, values).Select(i => $"call a.b é=\"ü😀\" o={{\"n\":{i}}}\n"));
        Lexer.Read(text);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var tokens = Lexer.Read(text);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, text.Length * 100); // it would be two hundred million
        Assert.Equal(
            Enumerable.Range(0, values).Select(i => $$"""{"n":{{i}}}"""),
            tokens.Where(t => t.Kind == TokenKind.Value && t.Text.StartsWith('{')).Select(t => t.Text));
    }
}

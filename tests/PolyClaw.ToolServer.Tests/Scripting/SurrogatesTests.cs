using System.Text.RegularExpressions;
using CsCheck;
using PolyClaw.ToolServer.Scripting;

namespace PolyClaw.ToolServer.Tests.Scripting;

[Trait("BadInput", "B21")]
public sealed class SurrogatesTests
{
    [Theory]
    [InlineData("", -1)]
    [InlineData("plain é", -1)]
    [InlineData("😀", -1)]
    [InlineData("a\\ud83d", 1)]
    [InlineData("\\ude00a", 0)]
    [InlineData("😀\\ud83d😀", 2)]
    public void Finds_the_first_half_pair(string escaped, int index) =>
        // Escaped, for an attribute's own text must be well-formed.
        Assert.Equal(index, Surrogates.IndexOfLone(Regex.Unescape(escaped)));

    [Fact]
    public void Agrees_with_the_framework_on_any_text() =>
        Gen.Char['\ud7fe', '\ue001'].Array[0, 12].Sample(chars =>
        {
            var text = new string(chars);
            var wellFormed = text.EnumerateRunes().Sum(r => r.Utf16SequenceLength) == text.Length
                && !text.EnumerateRunes().Any(r => r.Value == 0xfffd && !text.Contains('\ufffd', StringComparison.Ordinal));
            return Surrogates.IndexOfLone(text) < 0 == wellFormed;
        });

    [Theory]
    [InlineData("""["\ud800"]""", true)]
    [InlineData("""["x\\\ud800"]""", true)]
    [InlineData("""["\\ud800"]""", false)]
    [InlineData("""["\u001b\n\\"]""", false)]
    [InlineData("[]", false)]
    public void Finds_one_that_JSON_text_escapes(string json, bool escaped) => Assert.Equal(escaped, Surrogates.EscapedIn(json));
}

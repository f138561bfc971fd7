using System.Text.Json;
using PolyClaw.Cli;

namespace PolyClaw.Tests.Cli;

public sealed class TerminalTests
{
    [Theory]
    [Trait("Threat", "T25")]
    [InlineData("\u001b[2J", "\\u001b[2J")]
    [InlineData("a\rb", "a\\u000db")]
    [InlineData("\u009b31m", "\\u009b31m")]
    [InlineData("approve \u202egnp.exe", "approve \\u202egnp.exe")]
    [InlineData("\u2066x\u2069", "\\u2066x\\u2069")]
    [InlineData("a\u200bb\ufeff", "a\\u200bb\\ufeff")]
    [InlineData("\U000E0041", "\\udb40\\udc41")]
    [InlineData("x\u2028y", "x\\u2028y")]
    public void What_could_steer_or_mislead_is_escaped(string text, string plain) => Assert.Equal(plain, Terminal.Plain(text));

    [Theory]
    [InlineData("plain text\n\twith lines")]
    [InlineData("Größe 日本 👩\u200d💻 עברית")]
    public void What_people_write_stays_as_it_is(string text) => Assert.Equal(text, Terminal.Plain(text));

    [Fact]
    public void Escaped_json_still_says_the_same()
    {
        var json = "{\"a\":\"x\u202ey\u200b\U000E0041\"}";
        Assert.Equal(JsonDocument.Parse(json).RootElement.GetProperty("a").GetString(), JsonDocument.Parse(Terminal.Plain(json)).RootElement.GetProperty("a").GetString());
        Assert.NotEqual(json, Terminal.Plain(json));
    }
}

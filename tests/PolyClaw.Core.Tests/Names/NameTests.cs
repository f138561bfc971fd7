using PolyClaw.Core.Names;

namespace PolyClaw.Core.Tests.Names;

public class NameTests
{
    [Theory]
    [Trait("BadInput", "B30")]
    [InlineData("a")]
    [InlineData("sales")]
    [InlineData("sales-2")]
    [InlineData("0day")]
    [InlineData("a23456789012345678901234567890123456789012345678901234567890123")]
    [InlineData("polyclaw")]
    public void A_dns_label_is_a_server_name(string name) => Assert.Null(ServerName.Check(name, "/name"));

    [Theory]
    [Trait("BadInput", "B30")]
    [InlineData("", "it is empty")]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234", "it has 64 characters")]
    [InlineData("..", "U+002E '.' at position 1")]
    [InlineData(".", "U+002E '.' at position 1")]
    [InlineData("-x", "U+002D '-' at position 1")]
    [InlineData("x-", "U+002D '-' at position 2")]
    [InlineData("a/b", "U+002F '/' at position 2")]
    [InlineData("a\\b", "U+005C '\\' at position 2")]
    [InlineData("CON", "U+0043 'C' at position 1")]
    [InlineData("Sales", "U+0053 'S' at position 1")]
    [InlineData("a.", "U+002E '.' at position 2")]
    [InlineData("a ", "U+0020 at position 2")]
    [InlineData(" a", "U+0020 at position 1")]
    [InlineData("a_b", "U+005F '_' at position 2")]
    [InlineData("a\0", "U+0000 at position 2")]
    [InlineData("a\n", "U+000A at position 2")]
    [InlineData("a\u001b[0m", "U+001B at position 2")]
    [InlineData("a\u202Eb", "U+202E at position 2")]
    [InlineData("a\u200Db", "U+200D at position 2")]
    [InlineData("a\u200Bb", "U+200B at position 2")]
    [InlineData("ab\U000E0041", "U+E0041 at position 3")]
    [InlineData("ab\U000E0101", "U+E0101 at position 3")]
    [InlineData("s\u0430les", "U+0430 at position 2")]
    [InlineData("\uFF41", "U+FF41 at position 1")]
    [InlineData("\uFB01le", "U+FB01 at position 1")]
    [InlineData("e\u0301", "U+0301 at position 2")]
    [InlineData("\U000E0041a\u202E", "U+E0041 at position 1")]
    [InlineData("polyclaw-x", "PolyClaw's own")]
    public void What_is_no_server_name_is_refused_by_code_point(string name, string problem)
    {
        var fault = Assert.IsType<Goals.Fault>(ServerName.Check(name, "/name"));
        Assert.Contains(problem, fault.Message, StringComparison.Ordinal);
        Assert.Equal("/name", fault.Path);
        Assert.NotNull(fault.Fix);
        Assert.All(fault.Message, c => Assert.InRange(c, ' ', '~'));
    }

    [Fact]
    [Trait("BadInput", "B30")]
    public void A_lone_surrogate_is_named_and_not_replaced()
    {
        var fault = ServerName.Check("a\uD800b", "/name");
        Assert.Contains("U+D800 at position 2", fault!.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("BadInput", "B30")]
    public void A_missing_name_is_refused() => Assert.NotNull(ServerName.Check(null, "/name"));

    [Theory]
    [Trait("BadInput", "B30")]
    [InlineData("read_rows", true)]
    [InlineData("Read.Rows-2", true)]
    [InlineData("..", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a\u001b", false)]
    [InlineData("r\u0435ad", false)]
    [InlineData("read\n", false)]
    public void Tool_names_keep_to_their_grammar(string name, bool good) => Assert.Equal(good, ToolName.Check(name, "/tool") is null);

    [Fact]
    [Trait("BadInput", "B30")]
    public void A_tool_name_has_at_most_128_characters()
    {
        Assert.Null(ToolName.Check(new string('a', 128), "/tool"));
        Assert.Contains("129 characters", ToolName.Check(new string('a', 129), "/tool")!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("BadInput", "B30")]
    [InlineData("local", true)]
    [InlineData("acme-1", true)]
    [InlineData("Acme", false)]
    [InlineData("a/b", false)]
    [InlineData("", false)]
    public void A_tenant_is_a_dns_label(string name, bool good) => Assert.Equal(good, TenantName.Check(name, "/tenant") is null);

    [Fact]
    public void What_is_shown_of_a_long_text_is_cut_and_counted()
    {
        var shown = CodePoints.Show(new string('x', 10_000));
        Assert.InRange(shown.Length, 64, 100);
        Assert.Contains("10000 characters", shown, StringComparison.Ordinal);
    }
}

using PolyClaw.Core.Tests.Planning;
using PolyClaw.Core.Tools;

namespace PolyClaw.Core.Tests.Tools;

public sealed class ToolIndexTests
{
    private static readonly ServerTools Files = Requests.Server("files", "read_file", "write_file", "listDirectory", "move_file");

    private static readonly ToolIndex Index = ToolIndex.Build([Requests.Server("mail", "send_message", "search_mail"), Files]);

    [Theory]
    [InlineData("read a file", "read_file")]
    [InlineData("list the folder", "listDirectory")]
    [InlineData("files.move_file", "move_file")]
    [InlineData("sending an email message", "send_message")]
    [InlineData("searching emails", "search_mail")]
    public void Finds_the_tool_that_was_meant(string question, string tool) => Assert.Equal(tool, Index.Search(question, 8)[0].Tool.Name);

    [Fact]
    public void The_order_does_not_hang_on_how_the_servers_came()
    {
        var other = ToolIndex.Build([Files, Requests.Server("mail", "send_message", "search_mail")]);
        Assert.Equal(Index.Search("file message", 8).Select(h => h.Tool.Name), other.Search("file message", 8).Select(h => h.Tool.Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("zzz")]
    [InlineData("\ud800 \0 the of")]
    public void Says_nothing_when_nothing_fits(string question) => Assert.Empty(Index.Search(question, 8));

    [Fact]
    [Trait("Promise", "P11")]
    public void Few_tools_are_all_offered_the_fitting_ones_first()
    {
        Assert.Equal(["send_message", "listDirectory", "move_file", "read_file", "write_file", "search_mail"], Index.Best("send a message", 8).Select(h => h.Tool.Name));
        Assert.Equal(6, Index.Best("zzz", 6).Count);
        Assert.Empty(Index.Best("zzz", 5));
        Assert.Empty(ToolIndex.Build([]).Best("zzz", 8));
    }
}

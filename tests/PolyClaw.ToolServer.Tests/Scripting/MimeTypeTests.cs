using PolyClaw.ToolServer.Scripting;

namespace PolyClaw.ToolServer.Tests.Scripting;

public sealed class MimeTypeTests
{
    [Theory]
    [InlineData("text/csv", true)]
    [InlineData("image/svg+xml", true)]
    [InlineData("text/html; charset=utf-8", true)]
    [InlineData("text/html;charset=UTF-8", true)]
    [InlineData("", false)]
    [InlineData("text", false)]
    [InlineData("text/", false)]
    [InlineData("/csv", false)]
    [InlineData("text/csv/x", false)]
    [InlineData("text/csv\n", false)]
    [InlineData("text/html; charset=latin1", false)]
    [InlineData("tëxt/csv", false)]
    public void Knows_a_media_type(string mime, bool valid) => Assert.Equal(valid, MimeType.IsValid(mime));
}

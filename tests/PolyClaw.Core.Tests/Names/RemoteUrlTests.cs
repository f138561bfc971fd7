using PolyClaw.Core.Names;

namespace PolyClaw.Core.Tests.Names;

[Trait("BadInput", "B39")]
public class RemoteUrlTests
{
    [Theory]
    [InlineData("https://mcp.example.com/mcp")]
    [InlineData("https://mcp.example.com:8443/mcp?x=1")]
    [InlineData("http://127.0.0.1:8484/mcp")]
    [InlineData("http://localhost:8484/mcp")]
    [InlineData("http://[::1]:8484/mcp")]
    public void An_absolute_address_passes(string url) => Assert.Null(RemoteUrl.Check(url, "/source/url", plainHttpAnywhere: false));

    [Theory]
    [InlineData("")]
    [InlineData("mcp.example.com")]
    [InlineData("/mcp")]
    [InlineData("//example.com/mcp")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.com/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://user@example.com/")]
    [InlineData("https://user:secret@example.com/")]
    [InlineData("https://user@127.0.0.1@evil/")]
    [InlineData("https://example.com/#@evil")]
    [InlineData("https://①②⑦.⓪.⓪.①/")]
    [InlineData("https://ex\u0430mple.com/")]
    [InlineData("https://example.com\\@evil/")]
    [InlineData("https://example.com/a b")]
    [InlineData(" https://example.com/")]
    [InlineData("https://example.com/\r\nX: y")]
    [InlineData("http://example.com/mcp")]
    [InlineData("http://10.0.0.5/mcp")]
    [InlineData("https://")]
    public void What_is_none_or_goes_in_plain_is_refused(string url)
    {
        var fault = Assert.IsType<Goals.Fault>(RemoteUrl.Check(url, "/source/url", plainHttpAnywhere: false));
        Assert.Equal("/source/url", fault.Path);
        Assert.NotNull(fault.Fix);
    }

    [Fact]
    public void The_operator_may_allow_plain_http() =>
        Assert.Null(RemoteUrl.Check("http://mcp.lan/mcp", "/source/url", plainHttpAnywhere: true));

    [Fact]
    public void Credentials_in_an_address_are_not_repeated() =>
        Assert.DoesNotContain("hunter2", RemoteUrl.Check("https://u:hunter2@example.com/", "/source/url", false)!.ToString(), StringComparison.Ordinal);
}

using PolyClaw.Instances;

namespace PolyClaw.Tests.Instances;

public sealed class BuildIdTests
{
    [Theory]
    [InlineData("0.2.0/b/1", "0.1.0/a/9", true)]
    [InlineData("0.10.0/b/1", "0.9.0/a/1", true)]
    [InlineData("0.1.0/a/9", "0.2.0/b/1", false)]
    [InlineData("1.0.0/b/1", "1.0.0-rc.1/a/9", true)]
    [InlineData("1.0.0-rc.1/b/9", "1.0.0/a/1", false)]
    [InlineData("1.0.0-beta/b/1", "1.0.0-alpha/a/9", true)]
    [InlineData("0.1.0+aaaa/b/2", "0.1.0+ffff/a/1", true)]
    [InlineData("0.1.0+aaaa/b/1", "0.1.0+ffff/a/2", false)]
    [InlineData("0.1.0/a/2", "0.1.0/a/1", false)]
    public void A_build_is_newer_by_version_and_then_by_when_it_was_made(string one, string other, bool newer) =>
        Assert.Equal(newer, BuildId.Parse(one)!.IsNewerThan(BuildId.Parse(other)!));

    [Fact]
    public void Reads_what_it_wrote() => Assert.Equal(BuildId.Current, BuildId.Parse(BuildId.Current.ToString()));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1.0.0")]
    [InlineData("1.0.0/a")]
    [InlineData("1.0.0/a/b")]
    [InlineData("1.0.0/a/1/2")]
    [InlineData("/a/1")]
    public void Anything_else_is_no_build(string? text) => Assert.Null(BuildId.Parse(text));
}

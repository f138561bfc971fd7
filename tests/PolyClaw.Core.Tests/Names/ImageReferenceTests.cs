using PolyClaw.Core.Names;

namespace PolyClaw.Core.Tests.Names;

[Trait("BadInput", "B33")]
public class ImageReferenceTests
{
    private const string Hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("alpine", "docker.io/library/alpine")]
    [InlineData("mcp/fetch:1.2", "docker.io/mcp/fetch:1.2")]
    [InlineData("docker.io/alpine", "docker.io/library/alpine")]
    [InlineData("index.docker.io/mcp/fetch", "docker.io/mcp/fetch")]
    [InlineData("ghcr.io/acme/tool__x:Latest", "ghcr.io/acme/tool__x:Latest")]
    [InlineData("ghcr.io/acme/tool@sha256:" + Hex, "ghcr.io/acme/tool@sha256:" + Hex)]
    [InlineData("tool:1@sha256:" + Hex, "docker.io/library/tool:1@sha256:" + Hex)]
    [InlineData("localhost:5000/x", "localhost:5000/x")]
    [InlineData("polyclaw-test/everything", "docker.io/polyclaw-test/everything")]
    public void A_reference_is_completed_as_an_engine_completes_it(string text, string complete)
    {
        Assert.True(ImageReference.TryParse(text, "/source/image", out var image, out _));
        Assert.Equal(complete, image.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("UPPER/x")]
    [InlineData("../evil")]
    [InlineData("-v")]
    [InlineData("--privileged")]
    [InlineData("a b")]
    [InlineData("img:")]
    [InlineData("img@")]
    [InlineData("img@sha256:" + Hex + "0")]
    [InlineData("img@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde")]
    [InlineData("img@md5:0123456789abcdef0123456789abcdef")]
    [InlineData("img@sha256:" + Hex + "\n")]
    [InlineData("@sha256:" + Hex)]
    [InlineData("http://example.com/x")]
    [InlineData("scratch")]
    [InlineData("sha256:" + Hex)]
    [InlineData(Hex)]
    [InlineData("ex\u0430mple.com/x")]
    [InlineData("a//b")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a/../b")]
    [InlineData("img:-x")]
    [InlineData("img:a\u202E")]
    [InlineData("[::1]:5000/x")]
    public void What_is_no_reference_is_refused_with_an_example(string text)
    {
        Assert.False(ImageReference.TryParse(text, "/source/image", out _, out var fault));
        Assert.Equal("/source/image", fault.Path);
        Assert.Contains("for example", fault.Fix, StringComparison.Ordinal);
        Assert.All(fault.Message, c => Assert.InRange(c, ' ', '~'));
    }

    [Fact]
    public void Lengths_are_bounded()
    {
        Assert.False(ImageReference.TryParse("img:" + new string('t', 129), "", out _, out _));
        Assert.True(ImageReference.TryParse("img:" + new string('t', 128), "", out _, out _));
        Assert.False(ImageReference.TryParse(new string('a', 300), "", out _, out _));
    }

    [Theory]
    [InlineData("localhost/x", true)]
    [InlineData("localhost:5000/x", true)]
    [InlineData("10.0.0.5/x", true)]
    [InlineData("127.0.0.1:5000/x", true)]
    [InlineData("8.8.8.8/x", true)]
    [InlineData("ghcr.io/x", false)]
    [InlineData("alpine", false)]
    public void A_registry_here_or_at_an_address_is_told_apart(string text, bool local)
    {
        Assert.True(ImageReference.TryParse(text, "", out var image, out _));
        Assert.Equal(local, image.IsLocalRegistry);
    }
}

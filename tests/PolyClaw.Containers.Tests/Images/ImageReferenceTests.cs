using PolyClaw.Containers.Images;

namespace PolyClaw.Containers.Tests.Images;

[Trait("BadInput", "B33")]
public sealed class ImageReferenceTests
{
    private static readonly string Hex = new('a', 64);

    [Theory]
    [InlineData("busybox", "docker.io", "latest")]
    [InlineData("library/busybox:1.36", "docker.io", "1.36")]
    [InlineData("docker.io/library/x:latest", "docker.io", "latest")]
    [InlineData("ghcr.io/a-b/c_d/e__f:V1.0-x", "ghcr.io", "V1.0-x")]
    [InlineData("localhost:5000/x", "localhost:5000", "latest")]
    [InlineData("localhost/x", "localhost", "latest")]
    [InlineData("10.0.0.5/x", "10.0.0.5", "latest")]
    [InlineData("[::1]:5000/x", "[::1]:5000", "latest")]
    [InlineData("Registry.Example/x", "Registry.Example", "latest")]
    public void A_reference_is_read_as_written(string text, string registry, string version)
    {
        Assert.True(ImageReference.TryParse(text, out var reference));
        Assert.Equal((text, registry, version), (reference.Value, reference.Registry, reference.Version));
    }

    [Fact]
    public void A_digest_wins_over_a_tag()
    {
        Assert.True(ImageReference.TryParse($"a/b:1@sha256:{Hex}", out var reference));
        Assert.Equal(("a/b", "1", "sha256:" + Hex, "sha256:" + Hex), (reference.Repository, reference.Tag, reference.Digest, reference.Version));
        Assert.True(ImageReference.TryParse("sha256:" + Hex, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" busybox")]
    [InlineData("busybox\n")]
    [InlineData("UPPER/x")]
    [InlineData("Upper")]
    [InlineData("../evil")]
    [InlineData("a/../b")]
    [InlineData("a//b")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("-v")]
    [InlineData("--privileged")]
    [InlineData("a b")]
    [InlineData("img:")]
    [InlineData("img:-x")]
    [InlineData("img:a/b:c:d")]
    [InlineData("img@sha256:short")]
    [InlineData("img@md5:d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("http://x/y")]
    [InlineData("scratch")]
    [InlineData("рegistry.example/x")]
    [InlineData("a\0b")]
    [InlineData("a?x=1")]
    [InlineData("a#b")]
    [InlineData("a%2fb")]
    public void What_is_no_reference_is_refused(string text) => Assert.False(ImageReference.TryParse(text, out _));

    [Theory, InlineData(63), InlineData(65)]
    public void A_digest_has_64_digits(int digits) => Assert.False(ImageReference.TryParse("x@sha256:" + new string('a', digits), out _));

    [Fact]
    public void Lengths_are_bounded()
    {
        Assert.True(ImageReference.TryParse("x:" + new string('t', 128), out _));
        Assert.False(ImageReference.TryParse("x:" + new string('t', 129), out _));
        Assert.False(ImageReference.TryParse(new string('x', 300), out _));
        Assert.False(ImageReference.TryParse(Hex, out _));
    }
}

using PolyClaw.Core.Schemas.Compiling;

namespace PolyClaw.Core.Tests.Schemas.Compiling;

public sealed class UriReferenceTests
{
    /// <summary>The examples of RFC 3986 §5.4, where they say something of a reference without its fragment.</summary>
    [Theory]
    [InlineData("g:h", "g:h")]
    [InlineData("g", "http://a/b/c/g")]
    [InlineData("./g", "http://a/b/c/g")]
    [InlineData("g/", "http://a/b/c/g/")]
    [InlineData("/g", "http://a/g")]
    [InlineData("//g", "http://g")]
    [InlineData("?y", "http://a/b/c/d;p?y")]
    [InlineData("g?y", "http://a/b/c/g?y")]
    [InlineData("", "http://a/b/c/d;p?q")]
    [InlineData(".", "http://a/b/c/")]
    [InlineData("./", "http://a/b/c/")]
    [InlineData("..", "http://a/b/")]
    [InlineData("../g", "http://a/b/g")]
    [InlineData("../..", "http://a/")]
    [InlineData("../../g", "http://a/g")]
    [InlineData("../../../g", "http://a/g")]
    [InlineData("/./g", "http://a/g")]
    [InlineData("/../g", "http://a/g")]
    [InlineData("g.", "http://a/b/c/g.")]
    [InlineData("..g", "http://a/b/c/..g")]
    [InlineData("./../g", "http://a/b/g")]
    [InlineData("g/./h", "http://a/b/c/g/h")]
    [InlineData("g/../h", "http://a/b/c/h")]
    public void Resolves_as_the_standard_does(string reference, string uri) =>
        Assert.Equal((uri, ""), UriReference.Resolve("http://a/b/c/d;p?q", reference));

    [Theory]
    [InlineData("urn:uuid:1", "#/a%20b", "urn:uuid:1", "/a b")]
    [InlineData("", "#x", "", "x")]
    [InlineData("", "item.json", "item.json", "")]
    [InlineData("http://a", "b#c", "http://a/b", "c")]
    public void Splits_off_the_fragment(string baseUri, string reference, string uri, string fragment) =>
        Assert.Equal((uri, fragment), UriReference.Resolve(baseUri, reference));
}

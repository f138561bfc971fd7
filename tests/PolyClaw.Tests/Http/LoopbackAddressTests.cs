using System.Net;
using PolyClaw.Http;

namespace PolyClaw.Tests.Http;

public sealed class LoopbackAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:8484", "127.0.0.1:8484")]
    [InlineData("localhost:8484", "127.0.0.1:8484")]
    [InlineData("http://127.0.0.1:8484/", "127.0.0.1:8484")]
    [InlineData("[::1]:8484", "[::1]:8484")]
    [InlineData("127.0.0.1:0", "127.0.0.1:0")]
    [InlineData("8484", "127.0.0.1:8484")]
    public void Reads_a_loopback_address(string address, string endpoint) =>
        Assert.Equal(endpoint, LoopbackAddress.Parse(address).ToString());

    [Theory]
    [InlineData("0.0.0.0:8484")]
    [InlineData("[::]:8484")]
    [InlineData("192.168.1.5:8484")]
    [InlineData("10.0.0.1:8484")]
    public void Refuses_what_other_machines_can_reach_and_says_why(string address)
    {
        var refused = Assert.Throws<FormatException>(() => LoopbackAddress.Parse(address));

        Assert.Contains("other machines", refused.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:PORT", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("example.com:80")]
    [InlineData("127.0.0.1:99999")]
    [InlineData("https://127.0.0.1:8484")]
    public void Refuses_what_is_no_address(string address) =>
        Assert.Throws<FormatException>(() => LoopbackAddress.Parse(address));

    [Fact]
    public async Task Does_not_start_on_another_address() =>
        await Assert.ThrowsAsync<FormatException>(() => HttpHost.StartAsync(options => options.Listen = new IPEndPoint(IPAddress.Any, 0)));
}

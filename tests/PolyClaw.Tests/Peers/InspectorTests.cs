using PolyClaw.Tests.Instances;

namespace PolyClaw.Tests.Peers;

[Collection(ProcessTests.Name)]
public sealed class InspectorTests
{
    [Fact]
    public async Task The_Inspector_works_with_the_app_over_stdio_and_HTTP_in_both_eras()
    {
        var table = await PeerScript.TableAsync("inspector.sh", TestHome.Command);
        Assert.Equal(7, table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.DoesNotContain("FAILED", table, StringComparison.Ordinal);
    }
}

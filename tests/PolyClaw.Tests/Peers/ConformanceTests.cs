using PolyClaw.Tests.Instances;

namespace PolyClaw.Tests.Peers;

/// <summary>The official conformance suite, in both protocol eras.</summary>
[Collection(ProcessTests.Name)]
public sealed class ConformanceTests
{
    [Fact]
    public async Task The_pipeline_passes_every_scenario_that_a_revision_requires()
    {
        var table = await PeerScript.TableAsync("conformance.sh");
        Assert.Equal(["37", "37"], Row(table, "2026-07-28")[1..3]);
        Assert.Equal(["30", "30"], Row(table, "2025-11-25")[1..3]);
    }

    [Fact]
    public async Task The_app_passes_every_scenario_that_needs_no_fixture()
    {
        var table = await PeerScript.TableAsync("conformance.sh", ["--app", .. TestHome.Command]);
        Assert.Equal(["9", "9"], Row(table, "2026-07-28")[1..3]);
        Assert.Equal(["8", "8"], Row(table, "2025-11-25")[1..3]);
    }

    private static string[] Row(string table, string revision) =>
        Assert.Single(table.Split('\n'), line => line.StartsWith(revision, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

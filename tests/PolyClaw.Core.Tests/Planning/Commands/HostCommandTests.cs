using PolyClaw.Core.Actions;
using PolyClaw.Core.Planning.Commands;
using PolyClaw.Core.Servers;
using PolyClaw.Core.Tools;

namespace PolyClaw.Core.Tests.Planning.Commands;

[Trait("Promise", "P16")]
public sealed class HostCommandTests
{
    [Fact]
    public void The_command_as_it_was_promised_makes_a_host_named_after_its_place()
    {
        const string Goal = "create mcp-server cpu=2Gi memory=4Gi storage=20Gi location=\"pop-up-nyc\"";
        Assert.True(CommandPlanner.LooksLikeCommands(Goal));
        var spec = Assert.Single(Hosts(Goal));
        Assert.Equal(new ServerSpec("pop-up-nyc-1", new ServerSource.Host(), new ServerResources("2Gi", "4Gi", "20Gi"), Location: "pop-up-nyc"), spec);
        Assert.Equal(["create-host", "done"], CommandPlannerTests.Made(Goal).Steps.Select(step => step.Id));
    }

    [Fact]
    public void Names_that_nobody_gave_are_free_ones()
    {
        var hosts = Hosts(
            """
            create mcp-server
            create mcp-server host-2 cpu=2
            create mcp-server cpu=1 as mine
            create mcp-server after mine
            create mcp-server location="No Such Place"
            create mcp-server location=edge
            """,
            [new ServerTools("host-1", []), new ServerTools("edge-1", [])]);
        Assert.Equal(["host-3", "host-2", "host-4", "host-5", "host-6", "edge-2"], hosts.Select(host => host.Name));
    }

    [Fact]
    public void A_source_may_still_come_from_a_file_and_then_a_name_is_needed()
    {
        var spec = Assert.Single(Hosts("create mcp-server sales from samples/sales/server.json"));
        Assert.IsType<ServerSource.Tools>(spec.Source);
        var fault = Assert.Single(CommandPlannerTests.Faults("create mcp-server cpu=1 from samples/sales/server.json"));
        Assert.Contains("name", fault.Message, StringComparison.Ordinal);
        Assert.Contains("from FILE", Assert.Single(CommandPlannerTests.Faults("create server box")).Message + CommandPlannerTests.Faults("create server box")[0].Fix, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("BadInput", "B52")]
    public void A_key_that_a_host_has_not_is_told_by_its_place()
    {
        var fault = Assert.Single(CommandPlannerTests.Faults("create mcp-server web cpus=2"));
        Assert.Equal(("line 1, column 23", "did you mean 'cpu'?"), (fault.Path, fault.Fix));
    }

    private static IReadOnlyList<ServerSpec> Hosts(string goal, IReadOnlyList<ServerTools>? servers = null) =>
        [.. CommandPlannerTests.Made(goal, servers).Steps.Select(step => step.Action).OfType<PlanAction.CreateMcpServer>().Select(create => create.Spec)];
}

using System.Text.Json;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Planning;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Tests.Execution.Handlers;

[Trait("Promise", "P35")]
public sealed class CheckResourceAvailabilityHandlerTests
{
    [Theory]
    [InlineData("1", "1Gi", true, null)]
    [InlineData("999", "1Gi", false, "cpu")]
    [InlineData("999", "999Gi", false, "cpu memory")]
    public async Task Says_whether_what_was_asked_about_fits_and_what_is_missing(string cpu, string memory, bool fits, string? missing)
    {
        var data = await DataAsync(new ServerResources(cpu, memory));
        Assert.Equal(fits, data.GetProperty("fits").GetBoolean());
        Assert.Equal(missing, data.TryGetProperty("missing", out var lacking) ? string.Join(' ', lacking.EnumerateObject().Select(p => p.Name)) : null);
    }

    [Fact]
    public async Task No_server_fits_where_no_more_servers_may_be() =>
        Assert.Equal(1, (await DataAsync(new ServerResources("100m"), new PolicyOptions { Limits = new LimitOptions { Servers = 0 } })).GetProperty("missing").GetProperty("servers").GetInt32());

    [Fact]
    public async Task Asked_about_nothing_it_says_only_what_is_free()
    {
        var data = await DataAsync(null);
        Assert.True(data.TryGetProperty("cpu", out _));
        Assert.False(data.TryGetProperty("fits", out _));
    }

    private static async Task<JsonElement> DataAsync(ServerResources? resources, PolicyOptions? policy = null)
    {
        await using var house = new RunHouse(policy: policy);
        var run = await house.StartAsync(RunHouse.WithDone(new PlanStep("look", new PlanAction.CheckResourceAvailability(resources), [])));
        var view = await house.RestAsync(run);
        Assert.True(view.Status == RunStatus.Succeeded, view.Error?.ToString());
        return ((StepOutcome.Succeeded)house.Events<JournalEvent.StepEnded>(run).First(e => e.Step == "look").Outcome).Data!.Value;
    }
}

using Microsoft.Extensions.DependencyInjection;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Execution.Handlers;

namespace PolyClaw.Core.Tests.Execution;

[Trait("Promise", "P30")]
public sealed class ActionHandlersTests
{
    [Fact]
    public void Every_kind_of_action_has_one_handler_and_every_handler_a_kind()
    {
        var services = new ServiceCollection().AddPolyClawCore("journal", "blobs", "runs").AddPolyClawServices();
        var handlers = services.Where(s => s.ServiceType == typeof(IActionHandler)).ToList();
        var kinds = typeof(PlanAction).GetNestedTypes().Where(t => t.IsSubclassOf(typeof(PlanAction))).ToList();
        var names = typeof(ActionNames).GetFields().Select(f => (string)f.GetRawConstantValue()!).ToHashSet(StringComparer.Ordinal);
        Assert.NotEmpty(kinds);
        Assert.Equal(kinds.Count, names.Count);
        Assert.Equal(kinds.Count, handlers.Count);
    }

    [Fact]
    public async Task The_registry_gives_each_action_the_handler_of_its_name()
    {
        await using var house = new RunHouse();
        PlanAction[] actions =
        [
            new PlanAction.CheckResourceAvailability(), new PlanAction.CallTool("a", "b"), new PlanAction.DecommissionMcpServer("a"), new PlanAction.AskUser("?"),
            new PlanAction.Report("x"), new PlanAction.Done("x"), Policy.GateHouse.ToolServer("a"),
        ];
        Assert.All(actions, action => Assert.Equal(action.ActionName, house.Rules.Handlers.For(action).ActionName));
        Assert.Equal(actions.Select(a => a.ActionName).Order(StringComparer.Ordinal), house.Rules.Handlers.Names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Two_handlers_for_one_action_are_refused() =>
        Assert.Throws<ArgumentException>(() => new ActionHandlers([new AskUserHandler(), new AskUserHandler()]));
}

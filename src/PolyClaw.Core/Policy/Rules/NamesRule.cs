using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Names;

namespace PolyClaw.Core.Policy.Rules;

/// <summary>Every name that says what an action acts on keeps to its grammar.</summary>
internal sealed class NamesRule : IPolicyRule
{
    public string Name => "names";

    public IEnumerable<Fault> Judge(GateRequest request, PolicyContext context) => request.Action switch
    {
        PlanAction.CreateMcpServer create => Found(ServerName.Check(create.Spec.Name, "/name")),
        PlanAction.CallTool call => Found(ServerName.Check(call.Server, "/server"), ToolName.Check(call.Tool, "/tool")),
        PlanAction.DeployService deploy => Found(ServerName.Check(deploy.Spec.Name, "/name")),
        PlanAction.ValidateService validate => Found(ServerName.Check(validate.Name, "/name")),
        PlanAction.ShiftTraffic shift => Found(ServerName.Check(shift.Name, "/name")),
        PlanAction.Autoscale scale => Found(ServerName.Check(scale.Name, "/name")),
        PlanAction.DeleteService delete => Found(ServerName.Check(delete.Name, "/name")),
        PlanAction.DecommissionMcpServer decommission => Found(ServerName.Check(decommission.Name, "/name")),
        _ => [],
    };

    private static IEnumerable<Fault> Found(params IReadOnlyList<Fault?> faults) => faults.OfType<Fault>();
}

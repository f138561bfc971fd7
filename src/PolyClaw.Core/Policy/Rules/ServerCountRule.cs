using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Policy.Rules;

/// <summary>A tenant has so many servers and no more.</summary>
internal sealed class ServerCountRule : IPolicyRule
{
    public string Name => "servers";

    public IEnumerable<Fault> Judge(GateRequest request, PolicyContext context)
    {
        if (request.Action is PlanAction.CreateMcpServer && context.Free.Servers < 1)
            yield return new Fault("", $"all {context.Limits.Amounts.Servers} servers that the tenant may have exist", null, "use a server that exists, or decommission one first");
    }
}

using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Policy.Rules;

/// <summary>A tenant has one server of a name; a second one would share its quota and be taken for it.</summary>
internal sealed class NameTakenRule : IPolicyRule
{
    public string Name => "name_taken";

    public IEnumerable<Fault> Judge(GateRequest request, PolicyContext context)
    {
        if (context.NameTaken && request.Action is PlanAction.CreateMcpServer { Spec.Name: var name })
            yield return new Fault("", $"server '{name}' exists or is being made", "/name", "use that server, decommission it first, or choose another name");
    }
}

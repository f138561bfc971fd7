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
        // Another step holds the place of this very version: it is about to bring it up.
        if (context is { NameTaken: true, Service: { Mine: false } service })
            yield return new Fault("", $"version {service.Version} of {service.Name} is being brought up by another step", "/name", "order the steps one after the other: 'then' in commands, depends_on in a plan");
    }
}

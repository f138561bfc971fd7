using System.Text.Json;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Policy.Rules;

/// <summary>Code that runs here is kept from the host at least as well as policy asks. What runs elsewhere is not ours to confine.</summary>
internal sealed class IsolationRule : IPolicyRule
{
    public string Name => "isolation";

    public IEnumerable<Fault> Judge(GateRequest request, PolicyContext context)
    {
        // Elsewhere there are containers and nothing else.
        if (request.Action is not PlanAction.CreateMcpServer { Spec: { Source: not ServerSource.Remote, Location: null } } || context.Isolation >= context.Settings.LeastIsolation)
            yield break;
        yield return new Fault(
            "",
            $"this machine gives isolation {Word(context.Isolation)}, and {Word(context.Settings.LeastIsolation)} is the least accepted (Policy:LeastIsolation)",
            "/source",
            "start a container engine, or let the operator accept less");
    }

    private static string Word(Isolation isolation) => JsonNamingPolicy.SnakeCaseLower.ConvertName(isolation.ToString());
}

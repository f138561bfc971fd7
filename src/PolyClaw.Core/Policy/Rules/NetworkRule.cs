using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Names;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Policy.Rules;

/// <summary>Children that run here have no network.</summary>
internal sealed class NetworkRule : IPolicyRule
{
    public string Name => "network";

    public IEnumerable<Fault> Judge(GateRequest request, PolicyContext context)
    {
        if (request.Action is PlanAction.CreateMcpServer { Spec: { Network: { } network, Source: not ServerSource.Remote } } && network != "none")
            yield return new Fault("", $"network {CodePoints.Show(network)} does not exist", "/network", "none, or leave it out");
    }
}

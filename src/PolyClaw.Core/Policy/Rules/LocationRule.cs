using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Names;

namespace PolyClaw.Core.Policy.Rules;

/// <summary>There is one engine so far, and what asks for another must not be put on it in silence.</summary>
internal sealed class LocationRule : IPolicyRule
{
    public string Name => "location";

    public IEnumerable<Fault> Judge(GateRequest request, PolicyContext context)
    {
        var location = request.Action switch
        {
            PlanAction.CreateMcpServer create => create.Spec.Location,
            PlanAction.CheckResourceAvailability check => check.Location,
            _ => null,
        };
        if (location is not null)
            yield return new Fault("", $"there is no engine {CodePoints.Show(location)}: this build runs everything on the local one", "/location", "leave location out");
    }
}

using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Names;

namespace PolyClaw.Core.Policy.Rules;

/// <summary>What asks for a place is put there and nowhere else: a place that is not in the settings is refused, never replaced by this machine.</summary>
internal sealed class LocationRule : IPolicyRule
{
    public string Name => "location";

    public IEnumerable<Fault> Judge(GateRequest request, PolicyContext context)
    {
        var location = request.Action switch
        {
            PlanAction.CreateMcpServer create => create.Spec.Location,
            PlanAction.DeployService deploy => deploy.Spec.Location,
            PlanAction.CheckResourceAvailability check => check.Location,
            _ => null,
        };
        if (location is not null && !context.Locations.Contains(location, StringComparer.Ordinal))
            yield return Unknown(location, context.Locations);
    }

    private static Fault Unknown(string location, IReadOnlyCollection<string> known) => new(
        "",
        $"there is no engine {CodePoints.Show(location)}",
        "/location",
        known.Count == 0
            ? "leave location out for the engine of this machine; the operator adds others as Engines:NAME:Endpoint"
            : $"one of {string.Join(", ", known.Order(StringComparer.Ordinal))}, or leave location out for the engine of this machine");
}

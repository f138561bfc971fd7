using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Policy.Rules;

/// <summary>How long a server may wait for a call.</summary>
internal sealed class IdleRule : IPolicyRule
{
    public string Name => "idle_minutes";

    private const int Longest = 1440;

    public IEnumerable<Fault> Judge(GateRequest request, PolicyContext context)
    {
        if (request.Action is PlanAction.CreateMcpServer { Spec.IdleMinutes: { } minutes and (< 1 or > Longest) })
            yield return new Fault("", $"{minutes} minutes", "/idle_minutes", $"1 to {Longest}");
    }
}

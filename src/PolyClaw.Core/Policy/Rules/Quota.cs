using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Policy.Rules;

/// <summary>What the rules of single amounts have in common: is it more than the tenant may ever have, or more than is left now?</summary>
internal static class Quota
{
    public static IEnumerable<Fault> Judge(GateRequest request, string field, long asked, long free, long limit, long least, Func<long, string> format)
    {
        if (request.Action is not PlanAction.CreateMcpServer || asked <= free)
            yield break;
        var problem = asked > limit
            ? $"{format(asked)} is more than the {format(limit)} that the tenant may hold"
            : $"{format(asked)} does not fit: {format(free)} of {format(limit)} is free";
        var fix = free >= least
            ? $"{field} ≤ {format(free)} fits your quota"
            : "decommission a server first; less than the least amount is free";
        yield return new Fault("", problem, "/resources/" + field, fix);
    }
}

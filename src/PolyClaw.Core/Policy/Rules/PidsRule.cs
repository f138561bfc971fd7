using System.Globalization;
using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Policy.Rules;

/// <summary>A server's processes and threads fit what the tenant has left.</summary>
internal sealed class PidsRule : IPolicyRule
{
    public string Name => "pids";

    public IEnumerable<Fault> Judge(GateRequest request, PolicyContext context) => Quota.Judge(
        request, "pids", context.Needs.Amounts.Pids, context.Free.Pids, context.Limits.Amounts.Pids, 1, static n => n.ToString(CultureInfo.InvariantCulture));
}

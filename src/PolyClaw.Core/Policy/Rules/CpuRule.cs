using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Policy.Rules;

/// <summary>A server's CPU fits what the tenant has left.</summary>
internal sealed class CpuRule : IPolicyRule
{
    public string Name => "cpu";

    public IEnumerable<Fault> Judge(GateRequest request, PolicyContext context) => Quota.Judge(
        request, "cpu", context.Needs.Amounts.NanoCpus, context.Free.NanoCpus, context.Limits.Amounts.NanoCpus, CpuQuantity.SmallestNanoCpus, CpuQuantity.Format);
}

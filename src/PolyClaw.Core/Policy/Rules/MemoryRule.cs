using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Policy.Rules;

/// <summary>A server's memory fits what the tenant has left.</summary>
internal sealed class MemoryRule : IPolicyRule
{
    public string Name => "memory";

    public IEnumerable<Fault> Judge(GateRequest request, PolicyContext context) => Quota.Judge(
        request, "memory", context.Needs.Amounts.MemoryBytes, context.Free.MemoryBytes, context.Limits.Amounts.MemoryBytes, MemoryQuantity.SmallestBytes, MemoryQuantity.Format);
}

using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Policy.Rules;

/// <summary>A server's storage fits what the tenant has left.</summary>
internal sealed class StorageRule : IPolicyRule
{
    public string Name => "storage";

    public IEnumerable<Fault> Judge(GateRequest request, PolicyContext context) => Quota.Judge(
        request, "storage", context.Needs.Amounts.StorageBytes, context.Free.StorageBytes, context.Limits.Amounts.StorageBytes, MemoryQuantity.SmallestBytes, MemoryQuantity.Format);
}

using PolyClaw.Core.Goals;
using PolyClaw.Core.Names;

namespace PolyClaw.Core.Policy.Rules;

/// <summary>Quota and names are kept by tenant, so the tenant has to be one.</summary>
internal sealed class TenantRule : IPolicyRule
{
    public string Name => "tenant";

    public IEnumerable<Fault> Judge(GateRequest request, PolicyContext context)
    {
        if (TenantName.Check(request.Principal.Tenant, "") is { } fault)
            yield return fault with { Path = null };
    }
}

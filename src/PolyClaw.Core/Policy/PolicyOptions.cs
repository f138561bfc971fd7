using Microsoft.Extensions.Options;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Policy;

/// <summary>What the gate goes by; section <see cref="SectionName"/> of the settings. A wrong value stops the start and names its key.</summary>
public sealed class PolicyOptions
{
    /// <summary>The section's name, <c>Policy</c>.</summary>
    public const string SectionName = "Policy";

    /// <summary>Limits of every tenant that is not named under <see cref="Tenants"/>.</summary>
    [ValidateObjectMembers]
    public LimitOptions Limits { get; set; } = new();

    /// <summary>Limits of single tenants, by name. Default none.</summary>
    public IDictionary<string, TenantOptions> Tenants { get; set; } = new Dictionary<string, TenantOptions>(StringComparer.Ordinal);

    /// <summary>Which images may become child servers.</summary>
    public ImageOptions Images { get; set; } = new();

    /// <summary>Servers that run elsewhere.</summary>
    public RemoteOptions Remote { get; set; } = new();

    /// <summary>What a person has to agree to first.</summary>
    public ApprovalOptions Approval { get; set; } = new();

    /// <summary>
    /// The weakest isolation that is accepted for code that runs here: <c>process</c>, <c>sandbox</c> or <c>container</c>.
    /// Default <c>process</c> on loopback, <c>container</c> when the instance serves beyond it.
    /// </summary>
    public Isolation? LeastIsolation { get; set; }

    /// <summary>Whether an approval may come from a calling model too. Default false: a model cannot approve what it asked for.</summary>
    public bool AgentMayApprove { get; set; }
}

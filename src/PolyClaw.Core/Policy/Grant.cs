using PolyClaw.Core.Actions;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Policy;

/// <summary>
/// The standing right to keep one child server running: wake it, restart it, replace it. Issued by the gate with the permit that
/// created the server, journaled with it, and bounded by the very spec that was allowed.
/// </summary>
public sealed class Grant
{
    private Grant(string tenant, ServerSpec spec, ResourceAmounts amounts)
    {
        Tenant = tenant;
        Spec = spec;
        Amounts = amounts;
    }

    /// <summary>On whose behalf.</summary>
    public string Tenant { get; }

    /// <summary>The server that may run; nothing else may be started on it.</summary>
    public ServerSpec Spec { get; }

    /// <summary>Its limits, as the gate read them.</summary>
    public ResourceAmounts Amounts { get; }

    /// <summary>SHA-256 of the action that was allowed; a label of what runs on this grant.</summary>
    public string SpecSha256 => field ??= ActionDigest.Of(new PlanAction.CreateMcpServer(Spec));

    /// <summary>The form that is journaled.</summary>
    public GrantRecord ToRecord() => new(Tenant, Spec, Amounts, SpecSha256);

    /// <summary>Where grants are made. Only <see cref="PolicyGate"/> calls it; a test over the compiled code keeps it so.</summary>
    internal static class Press
    {
        public static Grant Strike(string tenant, ServerSpec spec, ResourceAmounts amounts) => new(tenant, spec, amounts);
    }
}

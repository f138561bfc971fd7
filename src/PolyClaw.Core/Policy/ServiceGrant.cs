using PolyClaw.Core.Actions;
using PolyClaw.Core.Services;

namespace PolyClaw.Core.Policy;

/// <summary>
/// The standing right to keep replicas of one version of a service running: replace them, and change their number up to a bound. Issued by
/// the gate with the permit that allowed the version, journaled with it, and bounded by the very spec that was allowed.
/// </summary>
public sealed class ServiceGrant
{
    private ServiceGrant(string tenant, ServiceSpec spec, int version, ResourceAmounts replica)
    {
        Tenant = tenant;
        Spec = spec;
        Version = version;
        Replica = replica;
    }

    /// <summary>On whose behalf.</summary>
    public string Tenant { get; }

    /// <summary>What may run, image and place decided; nothing else may be started on it.</summary>
    public ServiceSpec Spec { get; }

    /// <summary>Number of the version.</summary>
    public int Version { get; }

    /// <summary>What one replica may use and counts for, as the gate read it.</summary>
    public ResourceAmounts Replica { get; }

    /// <summary>What one replica holds of the tenant's quota: on a host server its processor time, memory and storage are reserved already.</summary>
    public ResourceAmounts Counts => ServiceIntent.Counted(Replica, Spec);

    /// <summary>SHA-256 of the spec that was allowed; a label of what runs on this grant.</summary>
    public string SpecSha256 => field ??= ActionDigest.Of(new PlanAction.DeployService(Spec));

    /// <summary>What holds the quota of this version's replicas.</summary>
    public string Owner => Reservation.ServiceOwner(Spec.Name, Version);

    /// <summary>The form that is journaled.</summary>
    public ServiceGrantRecord ToRecord() => new(Tenant, Spec, Version, Replica, SpecSha256);

    /// <summary>Where grants are made. Only <see cref="PolicyGate"/> calls it; a test over the compiled code keeps it so.</summary>
    internal static class Press
    {
        public static ServiceGrant Strike(string tenant, ServiceSpec spec, int version, ResourceAmounts replica) => new(tenant, spec, version, replica);
    }
}

/// <summary>A grant as it lies in the journal. It is no right by itself: <see cref="PolicyGate.Reissue(string, ServiceGrantRecord, int, bool)"/> makes one of it.</summary>
/// <param name="Tenant">On whose behalf.</param>
/// <param name="Spec">What may run.</param>
/// <param name="Version">Number of the version.</param>
/// <param name="Replica">What one replica may use and counts for.</param>
/// <param name="SpecSha256">Digest of the spec that was allowed.</param>
public sealed record ServiceGrantRecord(string Tenant, ServiceSpec Spec, int Version, ResourceAmounts Replica, string SpecSha256);

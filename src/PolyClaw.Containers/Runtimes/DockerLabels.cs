using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PolyClaw.Containers.Hardening;
using PolyClaw.Core.Services;

namespace PolyClaw.Containers.Runtimes;

/// <summary>How what we make is named and labelled. The reaper, adoption and the doctor go by these alone.</summary>
internal static class DockerLabels
{
    /// <summary>The instance that owns it.</summary>
    public const string Instance = "polyclaw.instance";

    /// <summary>The tenant it counts for.</summary>
    public const string Tenant = "polyclaw.tenant";

    /// <summary><c>tool</c>, <c>server</c>, <c>service</c>, <c>network</c>, <c>volume</c> or <c>toolserver-image</c>.</summary>
    public const string Kind = "polyclaw.kind";

    /// <summary>The kind of a replica.</summary>
    public const string ServiceKind = "service";

    /// <summary>The kind of a service's volume.</summary>
    public const string VolumeKind = "volume";

    /// <summary>The kind of a tenant's network.</summary>
    public const string NetworkKind = "network";

    /// <summary>The service's name.</summary>
    public const string Service = "polyclaw.service";

    /// <summary>The service's version.</summary>
    public const string Version = "polyclaw.version";

    /// <summary>The port that a replica listens on, inside its container.</summary>
    public const string Port = "polyclaw.port";

    /// <summary>The path that says how a replica is.</summary>
    public const string HealthPath = "polyclaw.health-path";

    /// <summary>The replica's number.</summary>
    public const string Replica = "polyclaw.replica";

    /// <summary>The server's name.</summary>
    public const string Server = "polyclaw.server";

    /// <summary>The run that made it.</summary>
    public const string Run = "polyclaw.run";

    /// <summary>The step's idempotency key.</summary>
    public const string StepKey = "polyclaw.step-key";

    /// <summary>The process that holds its streams; when that process is gone, so is the child's use.</summary>
    public const string Lease = "polyclaw.lease";

    /// <summary>Digest of the spec it was made from.</summary>
    public const string SpecSha256 = "polyclaw.spec-sha256";

    /// <summary>Digest of who wanted what: equal for two attempts at the same thing.</summary>
    public const string Intent = "polyclaw.intent";

    /// <summary>
    /// The name of a child, the same at every attempt: <c>polyclaw-&lt;instance&gt;-&lt;tenant&gt;-&lt;server&gt;</c>. Two different
    /// children never share one: the tenant's part holds no hyphen, so that it ends where it seems to.
    /// </summary>
    /// <param name="instance">Id of the instance.</param>
    /// <param name="tenant">Any text.</param>
    /// <param name="server">A DNS label.</param>
    public static string NameOf(string instance, string tenant, string server) =>
        $"polyclaw-{Digest(8, instance)}-{(IsPlain(tenant) ? tenant : "t." + Digest(16, tenant))}-{server}";

    /// <summary>The labels of a child.</summary>
    /// <param name="launch">What is started.</param>
    /// <param name="instance">Who owns it.</param>
    /// <param name="lease">Which process holds it.</param>
    public static Dictionary<string, string> Of(ChildLaunch launch, string instance, string lease) => new(StringComparer.Ordinal)
    {
        [Instance] = instance,
        [Tenant] = launch.Tenant,
        [Kind] = launch.Tier is HardeningTier.ToolCode ? "tool" : "server",
        [Server] = launch.Server,
        [Run] = launch.RunId,
        [StepKey] = launch.Key,
        [Lease] = lease,
        [SpecSha256] = launch.SpecSha256,
        [Intent] = Digest(64, instance, launch.Tenant, launch.Server, launch.Key, launch.SpecSha256),
    };

    /// <summary>The name of a replica: <c>polyclaw-&lt;instance&gt;-&lt;tenant&gt;-&lt;service&gt;.v&lt;version&gt;.&lt;number&gt;</c>. No child's name holds a dot after its tenant.</summary>
    public static string NameOf(string instance, ReplicaId id) =>
        string.Create(CultureInfo.InvariantCulture, $"{NameOf(instance, id.Tenant, id.Service)}.v{id.Version}.{id.Number}");

    /// <summary>The name of a tenant's network.</summary>
    public static string NetworkOf(string instance, string tenant) => NameOf(instance, tenant, "net");

    /// <summary>The name of a service's volume: <c>polyclaw-&lt;instance&gt;-&lt;tenant&gt;-&lt;service&gt;.data</c>.</summary>
    public static string VolumeOf(string instance, string tenant, string service) => NameOf(instance, tenant, service) + VolumeEnd;

    /// <summary>What the name of a volume ends with.</summary>
    public const string VolumeEnd = ".data";

    /// <summary>The labels of a service's volume.</summary>
    public static Dictionary<string, string> OfVolume(string instance, string tenant, string service) =>
        new(StringComparer.Ordinal) { [Instance] = instance, [Tenant] = tenant, [Kind] = VolumeKind, [Service] = service };

    /// <summary>The labels of a replica. It has no lease: it stays when the process that started it ends.</summary>
    public static Dictionary<string, string> Of(ReplicaLaunch launch, string instance) => new(StringComparer.Ordinal)
    {
        [Instance] = instance,
        [Tenant] = launch.Id.Tenant,
        [Kind] = ServiceKind,
        [Service] = launch.Id.Service,
        [Version] = launch.Id.Version.ToString(CultureInfo.InvariantCulture),
        [Replica] = launch.Id.Number.ToString(CultureInfo.InvariantCulture),
        [Port] = launch.Spec.Port.ToString(CultureInfo.InvariantCulture),
        [HealthPath] = launch.Spec.HealthPath,
        [SpecSha256] = launch.Spec.SpecSha256,
    };

    /// <summary>The labels of a tenant's network.</summary>
    public static Dictionary<string, string> OfNetwork(string instance, string tenant) =>
        new(StringComparer.Ordinal) { [Instance] = instance, [Tenant] = tenant, [Kind] = NetworkKind };

    /// <summary>Reads which replica a container is; nothing when it is none.</summary>
    public static ReplicaId? ReplicaOf(IDictionary<string, string>? labels) =>
        labels is not null && labels.TryGetValue(Kind, out var kind) && kind == ServiceKind
        && labels.TryGetValue(Tenant, out var tenant) && labels.TryGetValue(Service, out var service)
        && labels.TryGetValue(Version, out var version) && int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var v)
        && labels.TryGetValue(Replica, out var replica) && int.TryParse(replica, NumberStyles.None, CultureInfo.InvariantCulture, out var r)
            ? new ReplicaId(tenant, service, v, r)
            : null;

    private static bool IsPlain(string tenant)
    {
        if (tenant.Length is 0 or > 32)
            return false;
        foreach (var c in tenant)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '_')
                return false;
        }
        return true;
    }

    private static string Digest(int digits, params ReadOnlySpan<string> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in texts)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text));
            hash.AppendData("\0"u8);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..digits];
    }
}

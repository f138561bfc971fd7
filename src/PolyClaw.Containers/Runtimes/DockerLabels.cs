using System.Security.Cryptography;
using System.Text;

namespace PolyClaw.Containers.Runtimes;

/// <summary>How what we make is named and labelled. The reaper, adoption and the doctor go by these alone.</summary>
internal static class DockerLabels
{
    /// <summary>The instance that owns it.</summary>
    public const string Instance = "polyclaw.instance";

    /// <summary>The tenant it counts for.</summary>
    public const string Tenant = "polyclaw.tenant";

    /// <summary><c>tool</c>, <c>server</c> or <c>toolserver-image</c>.</summary>
    public const string Kind = "polyclaw.kind";

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

using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Names;

/// <summary>Names of tenants: a DNS label.</summary>
public static class TenantName
{
    /// <summary>Judges a name as it stands.</summary>
    /// <param name="text">The name.</param>
    /// <param name="path">Where it stands.</param>
    /// <returns>What is wrong, or nothing.</returns>
    public static Fault? Check(string? text, string path) => DnsLabel.Check(text, path, "tenant name");
}

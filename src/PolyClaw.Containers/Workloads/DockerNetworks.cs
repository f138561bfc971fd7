namespace PolyClaw.Containers.Workloads;

/// <summary>The networks that replicas run in: one a tenant.</summary>
internal static class DockerNetworks
{
    /// <summary>Whether a network's name is one that this house makes.</summary>
    public static bool IsOurs(string name) =>
        name.StartsWith("polyclaw-", StringComparison.Ordinal) && name.EndsWith("-net", StringComparison.Ordinal) && name.Length <= 128;
}

namespace PolyClaw.Core.Services;

/// <summary>Which replica: its container's name and labels are made from this alone, so it is found again after a crash.</summary>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Service">The service's name, a DNS label.</param>
/// <param name="Version">The service's version, from 1.</param>
/// <param name="Number">Its number within the version, from 1. A number is used again once its replica is gone.</param>
public sealed record ReplicaId(string Tenant, string Service, int Version, int Number)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Service} v{Version} #{Number}";
}

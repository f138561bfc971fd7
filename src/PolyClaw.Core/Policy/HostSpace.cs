using PolyClaw.Core.Journal;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Policy;

/// <summary>A host server and what is left on it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Exists">Whether there is such a host server.</param>
/// <param name="Location">The engine it is at; nothing for the local one.</param>
/// <param name="Capacity">What is reserved there.</param>
/// <param name="Free">What of it no service holds.</param>
internal sealed record HostSpace(string Name, bool Exists, string? Location, ResourceAmounts Capacity, ResourceAmounts Free)
{
    private const string HostKind = "host";

    /// <summary>Looks; nothing when no host is named.</summary>
    public static HostSpace? Of(string tenant, string? name, PolicySurroundings around)
    {
        if (name is null)
            return null;
        if (around.Server(tenant, name) is not { Kind: HostKind, State: not ServerState.Removed } host)
            return new HostSpace(name, Exists: false, null, ResourceAmounts.None, ResourceAmounts.None);
        var capacity = Only(host.Amounts);
        var used = ResourceAmounts.None;
        foreach (var service in around.Services(tenant))
        {
            foreach (var version in service.Versions.Where(v => v.Grant.Spec.On == name))
                used = used.Plus(Only(version.Grant.Replica).Times(ServiceRecord.HeldBy(service, version)));
        }

        return new HostSpace(name, Exists: true, host.Location, capacity, capacity.LeftAfter(used));
    }

    /// <summary>What of the amounts a host has to give.</summary>
    public static ResourceAmounts Only(ResourceAmounts amounts) => new(amounts.NanoCpus, amounts.MemoryBytes, amounts.StorageBytes);
}

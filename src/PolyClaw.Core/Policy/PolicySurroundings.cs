using PolyClaw.Core.Journal;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Policy;

/// <summary>What the gate has to know of the instance around it. Asked at every decision, so answer from memory.</summary>
/// <param name="Epoch">The epoch of the lease this instance holds.</param>
/// <param name="Isolation">The isolation that the runtime of this machine gives.</param>
/// <param name="BeyondLoopback">Whether the instance serves other machines; it tightens the defaults of <see cref="PolicyOptions"/>.</param>
public sealed record PolicySurroundings(Func<long> Epoch, Func<Isolation> Isolation, bool BeyondLoopback = false)
{
    /// <summary>The engines of the settings, by name. Default none: everything runs on the local one.</summary>
    public Func<IReadOnlyCollection<string>> Locations { get; init; } = () => [];

    /// <summary>A tenant's service as it stands. Default: there is none.</summary>
    public Func<string, string, ServiceRecord?> Service { get; init; } = (_, _) => null;

    /// <summary>A tenant's services as they stand. Default: there are none.</summary>
    public Func<string, IReadOnlyList<ServiceRecord>> Services { get; init; } = _ => [];

    /// <summary>A tenant's child server as it is. Default: there is none.</summary>
    public Func<string, string, ServerInfo?> Server { get; init; } = (_, _) => null;

    /// <summary>The image that the settings name for a service that names none. Default none.</summary>
    public Func<string, string?> Catalog { get; init; } = _ => null;
}

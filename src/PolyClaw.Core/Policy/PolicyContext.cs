using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Policy;

/// <summary>What a rule may know beside the request.</summary>
/// <param name="Settings">The options in force.</param>
/// <param name="Limits">The tenant's limits.</param>
/// <param name="Free">What the tenant has left at this moment.</param>
/// <param name="Needs">What the action would hold, as far as it could be read.</param>
/// <param name="Isolation">The isolation that the runtime gives.</param>
/// <param name="NameTaken">Whether what is to be made exists or is being made.</param>
/// <param name="Service">For an action on a service: what is meant by it.</param>
internal sealed record PolicyContext(
    PolicySettings Settings,
    TenantLimits Limits,
    ResourceAmounts Free,
    ServerNeeds Needs,
    Isolation Isolation,
    bool NameTaken,
    ServiceIntent? Service = null)
{
    /// <summary>The engines of the settings, by name.</summary>
    public IReadOnlyCollection<string> Locations { get; init; } = [];

    /// <summary>The services that are placed on a host server.</summary>
    public Func<string, IReadOnlyList<string>> Placed { get; init; } = _ => [];
}

namespace PolyClaw.Core.Policy;

/// <summary>What a tenant may use and what is left, for planners and for <c>check_resource_availability</c>.</summary>
/// <param name="Limits">The most that may be held at once.</param>
/// <param name="Used">What is held now.</param>
public sealed record QuotaView(ResourceAmounts Limits, ResourceAmounts Used)
{
    /// <summary>What is left, never negative.</summary>
    public ResourceAmounts Free => Limits.LeftAfter(Used);
}

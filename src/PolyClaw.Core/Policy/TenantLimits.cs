namespace PolyClaw.Core.Policy;

/// <summary>The limits of one tenant, as numbers.</summary>
/// <param name="Amounts">The most that may be held at once.</param>
/// <param name="StepsPerRun">The most steps one run may start.</param>
public sealed record TenantLimits(ResourceAmounts Amounts, int StepsPerRun);

using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Policy;

/// <summary>A grant as it lies in the journal. It is no right by itself: <see cref="PolicyGate.Reissue(string, GrantRecord)"/> makes one of it.</summary>
/// <param name="Tenant">On whose behalf.</param>
/// <param name="Spec">The server that may run.</param>
/// <param name="Amounts">Its limits, as the gate read them.</param>
/// <param name="SpecSha256">Digest of the action that was allowed.</param>
public sealed record GrantRecord(string Tenant, ServerSpec Spec, ResourceAmounts Amounts, string SpecSha256);

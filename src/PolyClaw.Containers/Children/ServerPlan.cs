using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;

namespace PolyClaw.Containers.Children;

/// <summary>All that is needed to start a server, now or when it wakes: settled when it was made.</summary>
/// <param name="Grant">The right to run it, with its spec and its limits.</param>
/// <param name="Key">Idempotency key of the step that made it.</param>
/// <param name="RunId">The run that made it; empty for none.</param>
/// <param name="SpecSha256">Digest of the spec.</param>
/// <param name="FirstLine">What its stdin gets before MCP: ToolServer's definition. Empty for others.</param>
/// <param name="Warnings">What of the spec has no effect.</param>
internal sealed record ServerPlan(
    Grant Grant, string Key, string RunId, string SpecSha256, ReadOnlyMemory<byte> FirstLine, IReadOnlyList<string> Warnings)
{
    /// <summary>Whose it is.</summary>
    public string Tenant => Grant.Tenant;

    /// <summary>What it is to be.</summary>
    public ServerSpec Spec => Grant.Spec;
}

using PolyClaw.Core.Goals;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;
using PolyClaw.Core.Tools;

namespace PolyClaw.Core.Journal;

/// <summary>A child server as the journal keeps it: enough to run it again after a restart.</summary>
/// <param name="Grant">Whose it is, what was allowed, and its limits.</param>
/// <param name="Key">Idempotency key it was made with.</param>
/// <param name="RunId">The run that made it.</param>
/// <param name="Tools">What it listed.</param>
/// <param name="Isolation">How it was confined.</param>
/// <param name="StartedMs">How long its first start took.</param>
/// <param name="Warnings">What was cut or left out of its listing.</param>
/// <param name="Files">The goal's files that its spec names.</param>
public sealed record ServerRecord(
    GrantRecord Grant,
    string Key,
    RunId RunId,
    IReadOnlyList<ToolInfo> Tools,
    Isolation Isolation,
    double StartedMs,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<GoalFile> Files)
{
    /// <summary>As it stands before anything of it runs again: idle, to be woken on use.</summary>
    public ServerInfo ToInfo() => new(
        Grant.Tenant, Grant.Spec.Name, Grant.Spec.Source.Kind, ServerState.Idle, Tools, Isolation, Grant.Amounts, StartedMs, Warnings, Key: Key, Location: Grant.Spec.Location);
}

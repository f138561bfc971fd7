using PolyClaw.Core.Actions;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Policy;

namespace PolyClaw.Core.Execution;

/// <summary>What an outcome means for quota and for the record of child servers.</summary>
internal static class Settlement
{
    /// <summary>
    /// Settles the quota and says what to write beside the outcome. Settled at once and not after the write: the next step is judged in
    /// between, and the ledger tells what the world holds, which no failed write changes. After a crash it is built from the journal.
    /// </summary>
    public static JournalEvent? Settle(Permit permit, string key, StepOutcome outcome, RunWorld world, RunState run)
    {
        switch (outcome, permit.Action)
        {
            case (StepOutcome.Succeeded, PlanAction.CreateMcpServer create) when permit.Grant is { } grant && world.Servers.Find(permit.Tenant, create.Spec.Name) is { } info:
                world.Ledger.Keep(permit.Reservation);
                var named = create.Spec.Source is Servers.ServerSource.Tools { Files: { } files } ? files.Select(f => f.From).ToHashSet() : [];
                return new JournalEvent.ServerKept(new ServerRecord(
                    grant.ToRecord(), key, run.RunId, info.Tools, info.Isolation, info.StartedMs, info.Warnings,
                    [.. run.Files.Where(f => named.Contains(f.Name))]));
            case (StepOutcome.Succeeded, PlanAction.DecommissionMcpServer gone):
                world.Ledger.Free(permit.Tenant, Reservation.ServerOwner(gone.Name));
                return new JournalEvent.ServerGone(permit.Tenant, gone.Name);
            default:
                world.Ledger.Release(permit.Reservation);
                return null;
        }
    }
}

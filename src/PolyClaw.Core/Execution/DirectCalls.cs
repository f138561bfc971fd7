using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Execution;

/// <summary>
/// Tool calls that a client makes by itself, outside any run. They pass the same gate. A tool that may be repeated is called at once and
/// recorded behind the call; one that must not be has its intent on disk first.
/// </summary>
/// <param name="gate">Decides.</param>
/// <param name="servers">Carries out.</param>
/// <param name="journal">Remembers.</param>
/// <param name="clock">Measures.</param>
public sealed class DirectCalls(PolicyGate gate, IChildServers servers, Journal.Journal journal, TimeProvider clock)
{
    private readonly RecordsBehind _behind = new();

    /// <summary>Calls a tool.</summary>
    /// <param name="principal">Who calls.</param>
    /// <param name="call">What is called.</param>
    /// <param name="progress">The child's messages.</param>
    /// <param name="cancellationToken">Cancels the call at the child.</param>
    public async Task<ToolOutcome> CallAsync(Principal principal, PlanAction.CallTool call, IProgress<string> progress, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid().ToString("N");
        switch (gate.Decide(new GateRequest(principal, call)))
        {
            case Verdict.Denied denied:
                await Record(id, principal, call, "denied", 0);
                return new ToolOutcome.NotCalled(denied.Denials[0] with { Message = string.Join("; ", denied.Denials) });
            case Verdict.NeedsApproval approval:
                await Record(id, principal, call, "denied", 0);
                return new ToolOutcome.NotCalled(approval.Reasons[0] with { Fix = "make it a step of a plan: plan_and_execute asks the person" });
            case Verdict.Allowed allowed:
                return await CallAsync(id, principal, call, allowed.Permit, progress, cancellationToken);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private async Task<ToolOutcome> CallAsync(
        string id, Principal principal, PlanAction.CallTool call, Permit permit, IProgress<string> progress, CancellationToken cancellationToken)
    {
        if (_behind.Failure is { } lost)
        {
            // Nothing is called while the journal cannot be written: this record then fails, and its fault is what the caller reads.
            await Record(id, principal, call, "not_called", 0);
            _behind.Told(lost);
            return new ToolOutcome.NotCalled(new Fault(
                "record_lost", $"the record of an earlier call could not be written ({lost.Message}), so this one was not made", Fix: "the journal can be written again: call again"), Transient: true);
        }

        var tool = servers.Find(principal.Tenant, call.Server)?.Tools.FirstOrDefault(t => t.Name == call.Tool);
        var once = tool is not { Repeatable: true };
        if (once)
            await Record(id, principal, call, "intended", 0);
        var began = clock.GetTimestamp();
        var name = "lost";
        try
        {
            var outcome = await servers.CallAsync(permit, progress, cancellationToken);
            name = NameOf(outcome);
            return outcome;
        }
        finally
        {
            // A cancelled or broken call is recorded too: each effect has its row.
            var record = Row(id, principal, call, name, clock.GetElapsedTime(began).TotalMilliseconds);
            if (once)
                await journal.AppendAsync(StreamName.Calls(principal.Tenant), record);
            else
                await _behind.AddAsync(journal.AppendBehindAsync(StreamName.Calls(principal.Tenant), record));
        }
    }

    private Task<IReadOnlyList<JournalEntry>> Record(string id, Principal principal, PlanAction.CallTool call, string outcome, double ms) =>
        journal.AppendAsync(StreamName.Calls(principal.Tenant), Row(id, principal, call, outcome, ms));

    private static JournalEvent.ToolCalled Row(string id, Principal principal, PlanAction.CallTool call, string outcome, double ms) =>
        new(id, principal, ActionRecord.Of(call), outcome, ms);

    private static string NameOf(ToolOutcome outcome) => outcome switch
    {
        ToolOutcome.Answered { IsError: true } => "error",
        ToolOutcome.Answered => "answered",
        ToolOutcome.NotCalled => "not_called",
        ToolOutcome.Lost => "lost",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

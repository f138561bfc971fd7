using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Policy;

namespace PolyClaw.Core.Execution;

/// <summary>Undoing what a run did, by the compensations that were journaled with each intent.</summary>
internal sealed partial class RunDriver
{
    /// <summary>What stands and can be undone, the newest first.</summary>
    private IEnumerable<StepState> Undoable() => _next.Steps
        .Where(s => s is { Status: StepStatus.Succeeded, Intent.Undo: not null, UndoOutcome: null } && !UndoneByPlan(s))
        .OrderByDescending(s => s.EndOrder);

    /// <summary>A step whose work a later step of the plan has already taken away needs no undoing.</summary>
    private bool UndoneByPlan(StepState step)
    {
        var undo = ActionDigest.Of(step.Intent!.Undo!.ToAction());
        return _next.Steps.Any(s =>
            s is { Status: StepStatus.Succeeded, Intent: { } intent } && s.EndOrder > step.EndOrder && ActionDigest.Of(intent.Action.ToAction()) == undo);
    }

    /// <summary>Undoes one step at a time, the newest first.</summary>
    private void RollBack()
    {
        if (Busy)
        {
            if (!_next.Steps.Any(s => s.Undoing))
                CancelEffects();
            else
                ResumeUndo();
            return;
        }

        if (Undoable().FirstOrDefault() is { } step)
        {
            var undo = step.Intent!.Undo!;
            Emit(new JournalEvent.UndoIntended(step.Step.Id, undo));
            BeginUndo(step, undo.ToAction());
            return;
        }

        var left = _next.Steps.Where(s => s.UndoOutcome is not null and not StepOutcome.Succeeded).Select(s => s.Step.Id).ToList();
        var error = left.Count == 0 ? _next.Error : new Fault(
            "rollback_incomplete", $"{_next.Error?.Message ?? "cancelled"}; not undone: {string.Join(", ", left)}", Fix: "remove what is left by hand: list_servers");
        var status = left.Count > 0 ? RunStatus.Failed
            : _next.Cancel is not null && _next.Error is null ? RunStatus.Cancelled
            : _next.Error?.Code == PolicyGate.DeniedCode ? RunStatus.Failed
            : RunStatus.RolledBack;
        End(status, error, null);
    }

    /// <summary>Not cut off by what cancels steps: only the end of the instance stops a rollback, and the next one goes on with it.</summary>
    private void BeginUndo(StepState step, PlanAction undo)
    {
        var (id, key) = (step.Step.Id, step.Intent!.Key);
        Start(UndoOf(id), async token =>
        {
            var outcome = LeftAlone(undo, key) ?? await UndoAsync(id, undo, token);
            var gone = outcome is StepOutcome.Succeeded ? OnRecord(undo, key) : null;
            Post(() => EndUndo(id, outcome, gone));
        }, _stopEffects.Token);
    }

    private static string UndoOf(string stepId) => "undo " + stepId;

    /// <summary>After a crash in the middle of a rollback: compensations are idempotent, so the one that was under way is done again.</summary>
    private void ResumeUndo()
    {
        foreach (var step in _next.Steps.Where(s => s.Undoing && !_effects.ContainsKey(UndoOf(s.Step.Id))))
            BeginUndo(step, step.Intent!.Undo!.ToAction());
    }

    /// <summary>An undo takes away what its own step made: what bears the name now may be somebody else's. Nothing when it is the step's.</summary>
    private StepOutcome.Succeeded? LeftAlone(PlanAction undo, string key)
    {
        if (undo is not PlanAction.DecommissionMcpServer { Name: var name })
            return null;
        return _world.Servers.Find(_next.Principal.Tenant, name) switch
        {
            null => new StepOutcome.Succeeded($"{name} was gone already"),
            { Key: { } present } when present != key => new StepOutcome.Succeeded($"{name} was replaced meanwhile, and what is there now is left alone"),
            _ => null,
        };
    }

    /// <summary>The server whose record the undo closes: only the one that its own step made.</summary>
    private string? OnRecord(PlanAction undo, string key) =>
        undo is PlanAction.DecommissionMcpServer { Name: var name }
        && _world.Journal.Servers().Any(s => s.Key == key && s.Grant.Tenant == _next.Principal.Tenant && s.Grant.Spec.Name == name)
            ? name
            : null;

    private async Task<StepOutcome> UndoAsync(string stepId, PlanAction undo, CancellationToken cancellationToken)
    {
        if (_world.Gate.DecideUndo(_next.Principal.Tenant, undo) is not Verdict.Allowed allowed)
            return new StepOutcome.Failed(new Fault("undo_denied", $"the gate refused to undo step {stepId}"));
        var context = new StepContext(
            _next.RunId, stepId, IdempotencyKey.Of(_next.Principal.Tenant, _next.RunId, stepId + "/undo"), _files,
            new LiveProgress(text => _world.Progress(RunId, stepId, text)))
        {
            LetGo = _stopEffects.Token,
        };
        try
        {
            return await _world.Steps.RunAsync(
                _world.Handlers.For(undo), allowed.Permit, context,
                (error, _, _) => Task.FromResult(_world.Gate.DecideUndo(_next.Principal.Tenant, undo) is Verdict.Allowed again
                    ? (again.Permit, (StepOutcome?)null)
                    : ((Permit?)null, new StepOutcome.Failed(error))),
                cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return new StepOutcome.Failed(Unexpected(stepId, e));
        }
    }

    private void EndUndo(string stepId, StepOutcome outcome, string? gone)
    {
        _effects.Remove(UndoOf(stepId));
        Emit(new JournalEvent.UndoEnded(stepId, outcome));
        if (gone is not null)
        {
            Emit(StreamName.Servers(_next.Principal.Tenant), new JournalEvent.ServerGone(_next.Principal.Tenant, gone));
            _world.Ledger.Free(_next.Principal.Tenant, Reservation.ServerOwner(gone));
        }
    }
}

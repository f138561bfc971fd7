using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Planning.References;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Services;

namespace PolyClaw.Core.Execution;

/// <summary>What follows from the state: pure reading of it, answered with events and with effects that begin after them.</summary>
internal sealed partial class RunDriver
{
    private const string PlanningEffect = "planning";

    private IEnumerable<StepState> Wave => _next.Steps.Where(s => s.Wave == _next.Wave);

    private bool Busy => _next.Steps.Any(s => s.Status is StepStatus.Running or StepStatus.Allowed || s.Undoing);

    /// <summary>Waiting for a person does not count, so it cannot run out meanwhile.</summary>
    private bool OutOfTime => _next.Pending.Count == 0 && !_next.HeldAtPlan && TimeLeft <= TimeSpan.Zero;

    /// <summary>A person has as long for an approval as for an answer; then what the run did is undone, and its place is free.</summary>
    private Fault? Expiry()
    {
        if (_next.ApprovalWantedAt is not { } since || _world.Clock.GetUtcNow() - since < InputAnswers.Within)
            return null;
        return _next.HeldAtPlan
            ? new Fault("plan_expired", $"nobody approved the plan within {InputAnswers.Within.Days} days", Fix: "call plan_and_execute anew")
            : new Fault("approval_expired", $"nobody approved within {InputAnswers.Within.Days} days", Fix: "call plan_and_execute anew");
    }

    private void Decide()
    {
        if (_next.Status.IsTerminal())
            return;
        if (_next.RollingBack)
            RollBack();
        else if (_next.Cancel is { } cancel)
            Stop(cancel.Rollback, null, RunStatus.Cancelled);
        else if (_timeIsOver |= OutOfTime)
            Stop(rollback: false, new Fault("budget_minutes", $"the run's {_next.Limits.Minutes} minutes are over", "/limits/minutes", "start it again with more"), RunStatus.BudgetExhausted);
        else if ((_expired ??= Expiry()) is { } expired)
            Stop(rollback: true, expired, RunStatus.Failed);
        else if (_next.WantsPlan)
            BeginPlanning();
        else if (!_next.HeldAtPlan)
            Advance();
    }

    private void Advance()
    {
        foreach (var step in Wave.Where(s => s.Status == StepStatus.InDoubt).ToList())
            SettleDoubt(step);
        SkipWhatCannotRun();
        var room = _world.Options.StepsAtOnce - _next.Steps.Count(s => s.Status is StepStatus.Running or StepStatus.Allowed);
        foreach (var step in Wave.Where(IsReady).ToList())
        {
            if (room <= 0)
                break;
            if (_next.StepsStarted >= _next.Limits.Steps && step.Intent is null)
            {
                // What runs was within the budget, and comes to its end.
                if (!Busy)
                    Stop(rollback: false, new Fault("budget_steps", $"the run has started its {_next.Limits.Steps} steps", "/limits/steps", "start it again with more"), RunStatus.BudgetExhausted);
                return;
            }

            if (Begin(step))
                room--;
        }

        SkipWhatCannotRun();
        if (_next.Pending.Count == 0 && !Wave.Any(s => s.Status is StepStatus.Planned or StepStatus.Allowed or StepStatus.Running or StepStatus.InDoubt))
            Conclude();
    }

    private bool IsReady(StepState step) =>
        step.Status == StepStatus.Planned
        && !_next.Pending.Any(p => p.Step == step.Step.Id)
        && step.Step.DependsOn.All(d => _next.Step(d)?.Status == StepStatus.Succeeded);

    private void SkipWhatCannotRun()
    {
        bool again;
        do
        {
            again = false;
            foreach (var step in Wave.Where(s => s.Status == StepStatus.Planned).ToList())
            {
                var missing = step.Step.DependsOn.FirstOrDefault(d => _next.Step(d)?.Status
                    is null or StepStatus.Failed or StepStatus.Denied or StepStatus.TimedOut or StepStatus.Skipped or StepStatus.Compensated);
                if (missing is null)
                    continue;
                Emit(new JournalEvent.StepSkipped(step.Step.Id, $"step {missing} did not succeed"));
                again = true;
            }
        }
        while (again);
    }

    /// <summary>Takes a step through the gate. Whether it now runs.</summary>
    private bool Begin(StepState step)
    {
        var id = step.Step.Id;
        PlanAction action;
        switch (ActionReferences.Expand(step.Step.Action, _next.DataOf))
        {
            case Expansion.Expanded expanded:
                action = expanded.Action;
                break;
            case Expansion.Refused refused:
                Finish(id, new StepOutcome.Failed(refused.Faults[0] with { Message = string.Join("; ", refused.Faults) }), 0);
                return false;
            default:
                throw new System.Diagnostics.UnreachableException();
        }

        var verdict = Judge(step, action);
        switch (verdict)
        {
            case Verdict.Allowed allowed:
                var intent = Intend(step, allowed.Permit, step.Retries + 1);
                _held[id] = allowed.Permit;
                Emit(new JournalEvent.StepAllowed(id, allowed.Permit.Digest));
                Emit(intent);
                var servers = _next.ServersInUse();
                Start(id, token => CarryOutAsync(id, intent.Key, allowed.Permit, servers, token), _cutSteps.Token);
                return true;
            case Verdict.Denied denied:
                Finish(id, new StepOutcome.Denied(denied.Denials), 0);
                return false;
            case Verdict.NeedsApproval approval:
                AskApproval(id, action, approval.Reasons);
                return false;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private Verdict Judge(StepState step, PlanAction action)
    {
        // A step that is tried again has been counted already; counted once more, it would fail its own budget.
        var before = _next.StepsStarted - (step.Intent is null ? 0 : 1);
        return _world.Gate.Decide(new GateRequest(
            _next.Principal, action, _next.RunId, before, _next.Limits, Approved: IsApproved(step.Step.Id, action), Key: KeyOf(step)));
    }

    private string KeyOf(StepState step) => IdempotencyKey.Of(_next.Principal.Tenant, _next.RunId, step.Step.Id);

    private JournalEvent.StepIntended Intend(StepState step, Permit permit, int attempt)
    {
        var handler = _world.Handlers.For(permit.Action);
        var key = KeyOf(step);
        return new JournalEvent.StepIntended(
            step.Step.Id,
            attempt,
            key,
            ActionRecord.Of(permit.Action),
            handler.WhenCutOff(permit.Tenant, permit.Action),
            handler.Undo(permit.Action, key) is { } undo ? ActionRecord.Of(undo) : null);
    }

    /// <summary>The wave is over: on, again, or the end.</summary>
    private void Conclude()
    {
        var troubled = Wave.Where(s => s.Outcome is not null and not StepOutcome.Succeeded).ToList();
        if (troubled.Count == 0)
        {
            var done = Wave.LastOrDefault(s => s.Step.Action is PlanAction.Done);
            if (!_next.PlanContinues && done is not null)
                End(RunStatus.Succeeded, null, (done.Intent?.Action.ToAction() as PlanAction.Done)?.Summary);
            else if (_next.Continuations < _world.Options.Waves)
                Replan([]);
            else
                Stop(rollback: false, new Fault("budget_plans", $"the planner looked at results {_next.Continuations} times and never came to an end"), RunStatus.BudgetExhausted);
            return;
        }

        var trouble = troubled.Select(TroubleOf).ToList();
        if (!_world.Planners.CanReplan(_next.Planner))
            Fail(trouble[0]);
        else if (_next.Replans >= _world.Options.Replans)
            Fail(trouble[0] with { Message = $"{trouble[0].Message}; {_next.Replans} new plans did not help" });
        else if ((_circles ?? _stuck.NoteReplan()) is { } stuck)
            Fail(trouble[0] with { Message = $"{trouble[0].Message}; {stuck.Message}" });
        else
            Replan(trouble);
    }

    private static Fault TroubleOf(StepState step) => step.Outcome switch
    {
        StepOutcome.Failed f => f.Error with { Path = $"/steps/{step.Step.Id}{(f.Error.Path is ['/', ..] ? f.Error.Path : "")}" },
        StepOutcome.Denied d => new Fault("policy_denied", d.Message, $"/steps/{step.Step.Id}", d.Denials[0].Fix),
        { } other => new Fault(Wire.Name(other.Status), other.Message, $"/steps/{step.Step.Id}"),
        null => throw new System.Diagnostics.UnreachableException(),
    };

    private void Replan(IReadOnlyList<Fault> trouble)
    {
        Emit(new JournalEvent.ReplanWanted(trouble));
        Decide();
    }

    private void Fail(Fault error)
    {
        if (Undoable().Any())
        {
            Emit(new JournalEvent.RollbackBegun(error));
            RollBack();
        }
        else
        {
            // A deployment that failed has gone back by itself, before its step ended.
            End(error.Code == ServiceFaults.RolledBack ? RunStatus.RolledBack : RunStatus.Failed, error, null);
        }
    }

    /// <summary>Ends a run early: what runs is cancelled and waited for, what has not begun is skipped.</summary>
    private void Stop(bool rollback, Fault? error, RunStatus status)
    {
        if (Busy || _effects.ContainsKey(PlanningEffect))
        {
            CancelEffects();
            return;
        }

        if (rollback && Undoable().Any())
        {
            Emit(new JournalEvent.RollbackBegun(error));
            RollBack();
            return;
        }

        End(status, error, null);
    }

    /// <summary>Writes how a step ended, and looks whether the planner goes round in circles.</summary>
    private void Finish(string stepId, StepOutcome outcome, double ms)
    {
        Emit(new JournalEvent.StepEnded(stepId, outcome, ms));
        NoteForStuck(_next.Step(stepId)!);
    }

    private void NoteForStuck(StepState step) =>
        _circles ??= _stuck.Note(step.Intent?.Action.ToAction() ?? step.Step.Action, step.Outcome!);

    private void End(RunStatus status, Fault? error, string? result)
    {
        foreach (var step in _next.Steps.Where(s => s.Status == StepStatus.Planned).ToList())
            Emit(new JournalEvent.StepSkipped(step.Step.Id, "the run ended first"));
        _world.Publish(_next);
        Emit(new JournalEvent.RunEnded(_next.RunId, status, error, result));
    }
}

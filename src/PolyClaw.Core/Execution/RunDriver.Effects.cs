using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Planning;
using PolyClaw.Core.Policy;

namespace PolyClaw.Core.Execution;

/// <summary>What a run does to the world, each as a task that ends in a signal.</summary>
internal sealed partial class RunDriver
{
    private void CancelEffects() => _afterWrite.Add(_cutSteps.Cancel);

    private void BeginPlanning()
    {
        if (_effects.ContainsKey(PlanningEffect))
            return;
        var tokensLeft = _next.Limits.ModelTokens - _next.Usage.InputTokens - _next.Usage.OutputTokens;
        if (tokensLeft <= 0)
        {
            Stop(rollback: false, new Fault("budget_tokens", $"the run's {_next.Limits.ModelTokens} model tokens are used up", "/limits/model_tokens", "start it again with more"), RunStatus.BudgetExhausted);
            return;
        }

        var request = new PlanningRequest(
            _next.RunId, _next.Goal, _next.Principal.Tenant, _files,
            [.. _world.Servers.List(_next.Principal.Tenant).Select(s => new Tools.ServerTools(s.Name, s.ToolsOnOffer))],
            _world.Gate.Quota(_next.Principal.Tenant),
            [.. _next.Steps.Where(s => s.Outcome is not null).OrderBy(s => s.EndOrder).Select(s => new FinishedStep(s.Step, s.Outcome!))],
            _next.Trouble,
            tokensLeft)
        {
            NotRun = [.. _next.Steps.Where(s => s.Outcome is null).Select(s => s.Step.Id)],
            Spent = spent => Post(() => Emit(new JournalEvent.ModelCalled(spent))),
        };
        Start(PlanningEffect, async token =>
        {
            string? planner = _next.Planner;
            PlannerAnswer answer;
            try
            {
                (planner, answer) = await _world.Planners.PlanAsync(request, token);
            }
            catch (Exception e) when (e is not OperationCanceledException || !token.IsCancellationRequested)
            {
                // Ended as failed: left open, the run would meet the same fault at every start.
                answer = new PlannerAnswer.Refused([Unexpected(PlanningEffect, e)], new PlannerUsage());
            }

            Post(() => EndPlanning(planner ?? "unknown", answer));
        }, _cutSteps.Token);
    }

    private void EndPlanning(string planner, PlannerAnswer answer)
    {
        _effects.Remove(PlanningEffect);
        switch (answer)
        {
            case PlannerAnswer.Made made when made.Plan.Steps.FirstOrDefault(s => _next.Step(s.Id) is not null) is { } twice:
                var clash = new Fault("duplicate_step", $"step id '{twice.Id}' was used by an earlier plan of this run", Fix: "give new steps new ids");
                Emit(new JournalEvent.PlanningEnded(planner, made.Usage, [clash]));
                Fail(clash);
                break;
            case PlannerAnswer.Made made:
                Emit(new JournalEvent.PlanningEnded(planner, made.Usage, []));
                Emit(new JournalEvent.PlanMade(planner, PlanDigest.Of(made.Plan), [.. made.Plan.Steps.Select(StepRecord.Of)], made.Plan.Continues));
                break;
            case PlannerAnswer.Refused refused:
                Emit(new JournalEvent.PlanningEnded(planner, refused.Usage, refused.Faults));
                if (refused.Faults[0].Code == "budget_exhausted")
                    End(RunStatus.BudgetExhausted, refused.Faults[0], null);
                else
                    Fail(refused.Faults.Count == 1 ? refused.Faults[0] : refused.Faults[0] with { Message = string.Join("\n", refused.Faults), Path = null, Fix = null });
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private async Task CarryOutAsync(string stepId, string key, Permit permit, IReadOnlyList<string> servers, CancellationToken cancellationToken)
    {
        var began = _world.Clock.GetTimestamp();
        var handler = _world.Handlers.For(permit.Action);
        var context = new StepContext(_next.RunId, stepId, key, _files, new LiveProgress(text => _world.Progress(RunId, stepId, text)))
        {
            Servers = servers,
            LetGo = _stopEffects.Token,
            Ask = (kind, shown, choices, token) => AskPersonAsync(stepId, kind, shown, choices, token),
        };
        var held = permit;
        StepOutcome outcome;
        try
        {
            outcome = await _world.Steps.RunAsync(handler, permit, context, NextAttemptAsync, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (_stopEffects.IsCancellationRequested)
                throw;
            outcome = handler.WhenCutOff(permit.Tenant, permit.Action) == CrashMeaning.Once
                ? new StepOutcome.InDoubt("it was cancelled while under way")
                : new StepOutcome.Failed(new Fault("cancelled", "it was cancelled while under way"));
        }
        catch (Exception e)
        {
            var fault = e is BlobFaultException unkept ? unkept.Fault : Unexpected(stepId, e);
            outcome = handler.WhenCutOff(permit.Tenant, permit.Action) == CrashMeaning.Once
                ? new StepOutcome.InDoubt(fault.ToString())
                : new StepOutcome.Failed(fault);
        }

        var ms = _world.Clock.GetElapsedTime(began).TotalMilliseconds;
        Post(() => EndStep(stepId, held, outcome, ms));

        async Task<(Permit?, StepOutcome?)> NextAttemptAsync(Fault error, int attempt, TimeSpan delay)
        {
            _world.Ledger.Release(held.Reservation);
            var answer = new TaskCompletionSource<(Permit?, StepOutcome?)>(TaskCreationOptions.RunContinuationsAsynchronously);
            Post(() => Retry(stepId, permit.Action, error, attempt, delay, p => held = p, answer));
            return await answer.Task.WaitAsync(cancellationToken);
        }
    }

    private void Retry(
        string stepId, PlanAction action, Fault error, int attempt, TimeSpan delay, Action<Permit> hold, TaskCompletionSource<(Permit?, StepOutcome?)> answer)
    {
        switch (Judge(_next.Step(stepId)!, action))
        {
            case Verdict.Allowed allowed:
                hold(allowed.Permit);
                _held[stepId] = allowed.Permit;
                Emit(new JournalEvent.StepRetried(stepId, attempt - 1, error, delay.TotalMilliseconds));
                Emit(Intend(_next.Step(stepId)!, allowed.Permit, attempt));
                _afterWrite.Add(() => answer.TrySetResult((allowed.Permit, null)));
                break;
            case Verdict.Denied denied:
                answer.TrySetResult((null, new StepOutcome.Denied(denied.Denials)));
                break;
            default:
                answer.TrySetResult((null, new StepOutcome.Failed(error)));
                break;
        }
    }

    private void EndStep(string stepId, Permit permit, StepOutcome outcome, double ms)
    {
        _effects.Remove(stepId);
        Finish(stepId, outcome, ms);
        _afterWrite.Add(() => _held.Remove(stepId));
        if (Settlement.Settle(permit, _next.Step(stepId)!.Intent!.Key, outcome, _world, _next) is { } record)
            Emit(StreamName.Servers(_next.Principal.Tenant), record);
    }

    private Fault Unexpected(string stepId, Exception e)
    {
        var errorId = Guid.NewGuid().ToString("N")[..12];
        LogUnexpected(_world.Log, e, RunId.Value, stepId, errorId);
        return new Fault("internal_error", $"an unexpected fault, logged as {errorId}", Fix: "see the instance's log");
    }

    private sealed class LiveProgress(Action<string> report) : IProgress<string>
    {
        public void Report(string value) => report(value);
    }
}

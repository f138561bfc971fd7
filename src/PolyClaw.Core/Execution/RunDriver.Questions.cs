using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Policy;

namespace PolyClaw.Core.Execution;

/// <summary>What a run asks people: to approve, to answer, to decide what became of a step.</summary>
internal sealed partial class RunDriver
{
    private bool IsApproved(string stepId, PlanAction action) =>
        _next.Answers.GetValueOrDefault((stepId, InputKind.Approval)) is { Answer.Approve: true } answered
        && answered.Asked.Digest == ActionDigest.Of(action);

    private void AskApproval(string stepId, PlanAction action, IReadOnlyList<Fault> reasons)
    {
        if (_next.Answers.GetValueOrDefault((stepId, InputKind.Approval)) is { Answer.Approve: false } refused)
        {
            Finish(stepId, new StepOutcome.Denied([new Fault(
                "approval_refused", $"{refused.Answer.By.Name} did not approve {ActionText.Brief(action)}")]), 0);
            return;
        }

        Emit(new JournalEvent.InputRequested(
            InputIds.New(), InputKind.Approval, stepId, ApprovalText.Question(action, reasons), [], ActionDigest.Of(action)));
    }

    private void SettleDoubt(StepState step)
    {
        var id = step.Step.Id;
        if (_next.Answers.GetValueOrDefault((id, InputKind.InDoubt)) is { Answer.Answer: var answer })
        {
            if (answer == InputAnswers.Repeat)
                Emit(new JournalEvent.StepRepeated(id));
            else if (answer == InputAnswers.Happened)
                Finish(id, new StepOutcome.Succeeded("a person says that it happened"), 0);
            else
                Finish(id, new StepOutcome.Failed(new Fault("in_doubt", "a person says that it did not happen")), 0);
        }
        else if (!_next.Pending.Any(p => p.Step == id))
        {
            var action = step.Intent?.Action.ToAction() ?? step.Step.Action;
            Emit(new JournalEvent.InputRequested(
                InputIds.New(), InputKind.InDoubt, id,
                ApprovalText.Doubt(action, step.Outcome?.Message), InputAnswers.DoubtChoices, null));
        }
    }

    /// <summary>Asks on behalf of a handler. After a restart the same question, asked or answered before, is taken up.</summary>
    private Task<string> AskPersonAsync(string stepId, InputKind kind, string shown, IReadOnlyList<string> choices, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            if (_next.Answers.GetValueOrDefault((stepId, kind)) is { } answered)
            {
                answer.TrySetResult(answered.Answer.Answer ?? "");
                return;
            }

            if (!_next.Pending.Any(p => p.Step == stepId && p.Kind == kind))
                Emit(new JournalEvent.InputRequested(InputIds.New(), kind, stepId, shown, choices, null));
            _asking[(stepId, kind)] = answer;
        });
        return answer.Task.WaitAsync(cancellationToken);
    }
}

using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;

namespace PolyClaw.Core.Execution;

/// <summary>What a run asks people: to approve, to answer, to decide what became of a step.</summary>
internal sealed partial class RunDriver
{
    private bool IsApproved(string stepId, PlanAction action) =>
        _next.Answers.GetValueOrDefault(stepId) is { Asked.Kind: InputKind.Approval, Answer.Approve: true } answered
        && answered.Asked.Digest == ActionDigest.Of(action);

    private void AskApproval(string stepId, PlanAction action, IReadOnlyList<Fault> reasons)
    {
        if (_next.Answers.GetValueOrDefault(stepId) is { Asked.Kind: InputKind.Approval, Answer.Approve: false } refused)
        {
            Finish(stepId, new StepOutcome.Denied([new Fault(
                "approval_refused", $"{refused.Answer.By.Name} did not approve {ActionText.Describe(action)}")]), 0);
            return;
        }

        Emit(new JournalEvent.InputRequested(
            InputIds.New(), InputKind.Approval, stepId, ActionText.Approval(action, reasons), [], ActionDigest.Of(action)));
    }

    private void SettleDoubt(StepState step)
    {
        var id = step.Step.Id;
        if (_next.Answers.GetValueOrDefault(id) is { Asked.Kind: InputKind.InDoubt, Answer.Answer: var answer })
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
                $"It is not known whether this happened: {ActionText.Describe(action)}. {step.Outcome?.Message}",
                InputAnswers.DoubtChoices, null));
        }
    }

    /// <summary>Asks on behalf of a handler. After a restart the same question, asked or answered before, is taken up.</summary>
    private Task<string> AskPersonAsync(string stepId, InputKind kind, string shown, IReadOnlyList<string> choices, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            if (_next.Answers.GetValueOrDefault(stepId) is { } answered)
            {
                answer.TrySetResult(answered.Answer.Answer ?? "");
                return;
            }

            if (!_next.Pending.Any(p => p.Step == stepId))
                Emit(new JournalEvent.InputRequested(InputIds.New(), kind, stepId, shown, choices, null));
            _asking[stepId] = answer;
        });
        return answer.Task.WaitAsync(cancellationToken);
    }
}

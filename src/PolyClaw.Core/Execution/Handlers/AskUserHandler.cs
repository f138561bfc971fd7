using System.Text.Json;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Journal;
using PolyClaw.Core.Policy;

namespace PolyClaw.Core.Execution.Handlers;

/// <summary>Asks a question and waits. The question lies in the journal, so a restart asks it once and takes the answer that was given.</summary>
internal sealed class AskUserHandler : IActionHandler
{
    public string ActionName => ActionNames.AskUser;

    public string Summary => "Asks the person a question and waits; ${step.answer} is the answer. Use it only when the goal cannot be met without.";

    public CrashMeaning WhenCutOff(string tenant, PlanAction action) => CrashMeaning.Idempotent;

    public TimeSpan TimeLimit(PlanAction action) => InputAnswers.Within;

    public PlanAction? Undo(PlanAction action, string key) => null;

    public async Task<StepOutcome> ExecuteAsync(Permit permit, StepContext context, CancellationToken cancellationToken)
    {
        var ask = permit.Use<PlanAction.AskUser>();
        if (context.Ask is null)
            return new StepOutcome.Failed(new Fault("cannot_ask", "a question needs a run that can wait"));
        var answer = await context.Ask(InputKind.Question, ask.Question, ask.Choices ?? [], cancellationToken);
        return new StepOutcome.Succeeded("answered", JsonSerializer.SerializeToElement(new AnswerData(answer), HandlerJson.Default.AnswerData));
    }
}

/// <summary>What a person answered.</summary>
internal sealed record AnswerData(string Answer);

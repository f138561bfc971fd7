using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Tools;

namespace PolyClaw.Core.Planning.Models;

/// <summary>
/// Plans a goal in plain words with a model. One call makes the whole plan; an answer with faults is sent back with all of them, three times
/// at most. Nothing of an invalid plan is ever run.
/// </summary>
public sealed class ModelPlanner : IPlanner
{
    private const int MostRepairs = 3;
    private const int MostSearches = 2;
    private const int MostOutputTokens = 16_000; // what the models that people use give in one answer

    private readonly IChatClient _model;
    private readonly PlanVerifier _verifier;
    private readonly PromptComposer _composer;

    /// <summary>Makes one.</summary>
    /// <param name="model">The model. Retries and their waits are its pipeline's business.</param>
    /// <param name="name">The model's name, for views.</param>
    /// <param name="schemas">The actions that have handlers.</param>
    /// <param name="verifier">Judges what the model wrote.</param>
    public ModelPlanner(IChatClient model, string name, ActionSchemas schemas, PlanVerifier verifier)
    {
        _model = model;
        _verifier = verifier;
        _composer = new PromptComposer(schemas);
        Name = "model:" + name;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public async Task<PlannerAnswer> PlanAsync(PlanningRequest request, CancellationToken cancellationToken)
    {
        var tools = ToolIndex.Build(request.Servers);
        var messages = _composer.Compose(request, tools);
        var usage = new PlannerUsage();
        var (repairs, searches) = (0, 0);
        while (true)
        {
            if (request.TokensLeft - usage.InputTokens - usage.OutputTokens <= 0)
                return new PlannerAnswer.Refused([OutOfTokens(request)], usage);
            var (said, spent, trouble) = await AskAsync(messages, request.TokensLeft - usage.InputTokens - usage.OutputTokens, cancellationToken);
            usage += spent;
            request.Spent(spent);
            if (trouble is not null)
                return new PlannerAnswer.Refused([trouble], usage);

            var (plan, query, faults) = Judge(said, request);
            if (plan is not null)
                return new PlannerAnswer.Made(plan, usage);
            messages.Add(new ChatMessage(ChatRole.Assistant, Shorten(said.Text)));
            if (query is not null && ++searches <= MostSearches)
            {
                messages.Add(PromptComposer.MoreTools(query, tools));
                continue;
            }

            if (query is not null)
                faults = [new Fault(PlanFault.BadParameters, $"more than {MostSearches} searches for tools", "/need_tools", "give the plan")];
            if (++repairs > MostRepairs)
                return new PlannerAnswer.Refused([GaveUp(faults.Count), .. faults], usage);
            messages.Add(PromptComposer.Repair(faults));
        }
    }

    private (Plan? Plan, string? Query, IReadOnlyList<Fault> Faults) Judge(Said said, PlanningRequest request)
    {
        if (said.Finish == ChatFinishReason.Length)
            return (null, null, [new Fault(PlanFault.TooLarge, "the answer was cut off at the length limit", "", "a shorter plan, or one in waves with \"continues\": true")]);
        if (said.Finish == ChatFinishReason.ContentFilter)
            return (null, null, [new Fault(PlanFault.BadParameters, "the provider's content filter stopped the answer", "", "a plan for the goal")]);
        if (said.Refusal is { } refusal)
            return (null, null, [new Fault(PlanFault.BadParameters, $"the model refused: {PlainText.Clean(refusal, 300)}", "", "a plan for the goal")]);
        switch (ModelAnswer.Read(said.Text))
        {
            case ModelAnswer.NeedsTools { Query: var query }:
                return (null, query, []);
            case ModelAnswer.Unreadable { Fault: var fault }:
                return (null, null, [fault]);
            case ModelAnswer.Draft { Faults.Count: > 0 } broken when broken.Plan.Steps.Count == 0:
                return (null, null, Capped(broken.Faults));
            case ModelAnswer.Draft draft:
                return _verifier.Verify(draft.Plan, request) switch
                {
                    PlanCheck.Sound sound when draft.Faults.Count == 0 => (sound.Plan, null, []),
                    PlanCheck.Sound => (null, null, Capped(draft.Faults)),
                    PlanCheck.Faulty faulty => (null, null, Capped([.. draft.Faults, .. faulty.Faults])),
                    _ => throw new UnreachableException(),
                };
            default:
                throw new UnreachableException();
        }
    }

    private async Task<(Said Answer, PlannerUsage Usage, Fault? Trouble)> AskAsync(
        List<ChatMessage> messages, long tokensLeft, CancellationToken cancellationToken)
    {
        var options = new ChatOptions
        {
            ResponseFormat = ChatResponseFormat.Json,
            MaxOutputTokens = (int)Math.Min(tokensLeft, MostOutputTokens),
        };
        var text = new StringBuilder();
        var usage = new UsageDetails();
        string? refusal = null;
        ChatFinishReason? finish = null;
        try
        {
            await foreach (var update in _model.GetStreamingResponseAsync(messages, options, cancellationToken))
            {
                finish = update.FinishReason ?? finish;
                foreach (var content in update.Contents)
                {
                    if (content is TextContent piece)
                        text.Append(piece.Text);
                    else if (content is UsageContent counted)
                        usage.Add(counted.Details);
                    else if (content is ErrorContent error)
                        refusal = refusal is { Length: > 1_000 } ? refusal : refusal + error.Message;
                }

                if (text.Length > PlanLimits.AnswerBytes)
                    break; // no need to hear the rest of ten megabytes
            }
        }
        catch (Exception e) when (IsTrouble(e, cancellationToken))
        {
            return (new Said("", finish, null), Count(usage, messages, text), Unavailable(e));
        }

        return (new Said(text.ToString(), finish, refusal), Count(usage, messages, text), null);
    }

    // A provider that counts nothing must not make a run free: four characters are taken for a token.
    private static PlannerUsage Count(UsageDetails usage, List<ChatMessage> messages, StringBuilder answer) => new(
        1,
        usage.InputTokenCount ?? messages.Sum(m => (long)m.Text.Length) / 4,
        usage.OutputTokenCount ?? answer.Length / 4);

    // What the app makes of a failing wire or provider (Core knows no network); anything else is a bug and goes up.
    private static bool IsTrouble(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        OperationCanceledException => !cancellationToken.IsCancellationRequested, // the client's own time limit
        ModelFaultException or IOException or TimeoutException or JsonException => true,
        _ => false,
    };

    private static Fault Unavailable(Exception exception) => exception is ModelFaultException { Fault: var fault }
        ? fault with { Message = PlainText.Clean(fault.Message, 800) }
        : new Fault(
            PlanFault.ModelUnavailable, $"the model gave no usable answer: {PlainText.Clean(exception.GetType().Name, 60)}", null,
            "check the model's endpoint, name and key, or try again later");

    private Fault OutOfTokens(PlanningRequest request) => new(
        PlanFault.BudgetExhausted, $"no model tokens are left for this run (planner {Name}, {request.TokensLeft} at the start of this plan)", null,
        "raise limits.model_tokens");

    private static Fault GaveUp(int faults) => new(
        PlanFault.InvalidOutput, $"the model's plan still had {faults} faults after {MostRepairs} repairs; nothing was run", null,
        "say the goal in other words, or use another model");

    private static IReadOnlyList<Fault> Capped(IReadOnlyList<Fault> faults) => faults.Count <= PlanLimits.Faults
        ? faults
        : [.. faults.Take(PlanLimits.Faults), new Fault(PlanFault.TooLarge, $"and {faults.Count - PlanLimits.Faults} more faults")];

    private readonly record struct Said(string Text, ChatFinishReason? Finish, string? Refusal);

    // The model needs to see what it wrote, not ten megabytes of it.
    private static string Shorten(string text) => text.Length <= 60_000 ? text : text[..60_000] + "…";
}

using PolyClaw.Core.Goals;
using PolyClaw.Core.Planning.Commands;

namespace PolyClaw.Core.Planning;

/// <summary>
/// Picks the planner for a goal: the command planner when it is written in commands, else the model planner, else a fault that says what
/// to configure. Never a silent fallback: <see cref="For"/> tells which.
/// </summary>
/// <param name="commands">Plans commands.</param>
/// <param name="model">Plans plain words; nothing when no model is configured.</param>
public sealed class PlannerChoice(CommandPlanner commands, IPlanner? model) : IPlanner
{
    /// <summary>Name of the model planner, or <c>commands</c> without one.</summary>
    public string Name => model?.Name ?? commands.Name;

    /// <summary>The planner that a goal gets, or nothing when it is in plain words and no model is configured.</summary>
    /// <param name="goal">The goal's text.</param>
    public IPlanner? For(string goal) => CommandLikeness.Of(goal) switch
    {
        CommandLikeness.Kind.Commands => commands,
        // Reads like a slip in a command when there is nobody who understands plain words.
        CommandLikeness.Kind.Perhaps when model is null && CommandLikeness.IsShort(goal) => commands,
        _ => model,
    };

    /// <inheritdoc/>
    public async Task<PlannerAnswer> PlanAsync(PlanningRequest request, CancellationToken cancellationToken)
    {
        if (For(request.Goal) is not { } planner)
            return new PlannerAnswer.Refused([NoPlanner()], new PlannerUsage());
        var answer = await planner.PlanAsync(request, cancellationToken);
        // A slip in a command, or plain words after all: both readers are told what helps.
        return answer is PlannerAnswer.Refused refused && model is null && !CommandPlanner.LooksLikeCommands(request.Goal)
            ? refused with { Faults = [.. refused.Faults, NoPlanner()] }
            : answer;
    }

    private static Fault NoPlanner() => new(
        PlanFault.NoPlanner,
        "the goal is in plain words, and no model is configured to plan it",
        null,
        "set OPENAI_API_KEY, or Model:Endpoint and Model:Name for any OpenAI-compatible model; or write the goal in commands, for example: "
        + "create server sales from samples/sales/server.json · call sales.totals by=region as totals");
}

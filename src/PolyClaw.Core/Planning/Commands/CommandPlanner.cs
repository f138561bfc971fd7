using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Planning.Drafts;

namespace PolyClaw.Core.Planning.Commands;

/// <summary>
/// Plans a goal that is written in commands, with no model. One command a line; <c>;</c> and <c>then</c> order a command after the one
/// before it; the rest runs side by side where nothing depends. It makes the whole plan, DONE included, or names every error with its
/// line and column.
/// </summary>
/// <param name="verifier">Judges the plan like any other.</param>
public sealed class CommandPlanner(PlanVerifier verifier) : IPlanner
{
    /// <inheritdoc/>
    public string Name => "commands";

    /// <summary>
    /// Whether a goal is written in commands: its first command begins like one and goes on like one, or at least half of its lines do.
    /// A goal in plain words that happens to begin with such a word is none.
    /// </summary>
    /// <param name="goal">The goal's text.</param>
    public static bool LooksLikeCommands(string goal) => CommandLikeness.Of(goal) is CommandLikeness.Kind.Commands;

    /// <inheritdoc/>
    public Task<PlannerAnswer> PlanAsync(PlanningRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Plan(request));
    }

    private PlannerAnswer Plan(PlanningRequest request)
    {
        if (request.Done.Count > 0 || request.Trouble.Count > 0)
            return Refuse([.. request.Trouble, new Fault(PlanFault.Stuck, "commands say exactly what to do, so there is no other way to try", null, "change the commands and run the goal anew")]);
        if (request.Goal.Length > PlanLimits.AnswerBytes)
            return Refuse([new Fault(PlanFault.TooLarge, $"a goal of {request.Goal.Length} characters", null, $"at most {PlanLimits.AnswerBytes}")]);

        var (commands, errors) = CommandParser.Parse(request.Goal);
        var faults = errors.ToList();
        if (commands.Count == 0 && faults.Count == 0)
            faults.Add(new Fault(PlanFault.Syntax, "the goal holds no command", "line 1, column 1", "for example: " + CommandGrammar.FromForm));
        var steps = Draft(commands, request, faults);
        if (faults.Count > 0)
            return Refuse(faults);
        return verifier.Verify(new PlanDraft(steps, Continues: false), request) switch
        {
            PlanCheck.Sound sound => new PlannerAnswer.Made(sound.Plan, new PlannerUsage()),
            PlanCheck.Faulty faulty => Refuse(faulty.Faults),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static List<StepDraft> Draft(IReadOnlyList<Command> commands, PlanningRequest request, List<Fault> faults)
    {
        var maker = new DraftMaker(request.Files, new HostNames(commands, request.Servers.Select(s => s.Server)), faults);
        var names = new StepNames(commands, request.Done.Select(d => d.Step.Id));
        var steps = new List<StepDraft>(commands.Count + 1);
        var before = "";
        foreach (var command in commands)
        {
            var id = names.Of(command);
            string[] waits = [.. command.After.Select(a => a.Text), .. command.Ordered && before.Length > 0 ? [before] : Array.Empty<string>()];
            if (maker.Make(command, id, waits) is { } step)
                steps.Add(step);
            before = id;
        }

        var end = commands.Count > 0 ? commands[^1].At : new TextPosition(1, 1);
        steps.Add(new StepDraft(names.Free("done"), ActionNames.Done, JsonGuard.Parse("{}"), [], null, new CommandPositions(end)));
        return steps;
    }

    private static PlannerAnswer.Refused Refuse(IReadOnlyList<Fault> faults) => new(faults, new PlannerUsage());
}

using PolyClaw.Core.Planning.Drafts;

namespace PolyClaw.Core.Planning.Commands;

/// <summary>Gives every command a step id: the one after <c>as</c>, else one that says what it does.</summary>
internal sealed class StepNames
{
    private readonly HashSet<string> _taken;

    public StepNames(IEnumerable<Command> commands, IEnumerable<string> earlier) =>
        _taken = [.. commands.Select(c => c.Name?.Text).OfType<string>(), .. earlier];

    public string Of(Command command) => command.Name?.Text ?? Free(command.Verb switch
    {
        CommandVerb.CheckResources => "check",
        CommandVerb.CreateServer => "create-" + (command.Target?.Text ?? "host"),
        CommandVerb.Call => command.Target!.Text,
        CommandVerb.Decommission => "remove-" + command.Target!.Text,
        CommandVerb.Deploy => "deploy-" + command.Target!.Text,
        CommandVerb.Validate => "validate-" + command.Target!.Text,
        CommandVerb.Shift => "shift-" + command.Target!.Text,
        CommandVerb.Autoscale => "scale-" + command.Target!.Text,
        CommandVerb.DeleteService => "delete-" + command.Target!.Text,
        CommandVerb.Ask => "ask",
        _ => "report",
    });

    /// <summary>The id itself, or with the first number that makes it free.</summary>
    /// <param name="wanted">Any text.</param>
    public string Free(string wanted)
    {
        var id = StepIds.From(wanted);
        for (var number = 2; !_taken.Add(id); number++)
            id = $"{StepIds.From(wanted)}-{number}";
        return id;
    }
}

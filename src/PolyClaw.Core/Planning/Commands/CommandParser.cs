using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Planning.Commands;

/// <summary>
/// Reads a goal's commands by recursive descent. An error ends its command, not the reading: all errors come out at once.
/// <code>
/// goal    = [command] { separator [command] }        separator = end of line | ';' | 'then'   (the last two: after the one before)
/// command = words { target | 'from' file | 'to' version | key '=' value | 'as' id | 'after' id { ',' id } }
/// </code>
/// </summary>
internal sealed class CommandParser
{
    private const int MostCommands = PlanLimits.Steps;

    private readonly IReadOnlyList<Token> _tokens;
    private readonly List<Command> _commands = [];
    private readonly List<Fault> _faults = [];
    private int _next;

    private CommandParser(IReadOnlyList<Token> tokens) => _tokens = tokens;

    public static (IReadOnlyList<Command> Commands, IReadOnlyList<Fault> Faults) Parse(string goal)
    {
        var parser = new CommandParser(Lexer.Read(goal));
        parser.ReadGoal();
        return (parser._commands, parser._faults);
    }

    private Token Current => _tokens[_next];

    private void ReadGoal()
    {
        var order = "";
        var first = true;
        while (Current.Kind is not TokenKind.End && _faults.Count < PlanLimits.Faults && _commands.Count <= MostCommands)
        {
            if (Current.Kind is TokenKind.Separator)
            {
                order = Order(order, Take().Text);
                continue;
            }

            ReadCommand(ordered: !first && order.Length > 0);
            first = false;
            order = "";
        }
    }

    // A ';' at the end of a line ends a command and orders nothing; 'then' holds over line ends.
    private static string Order(string before, string separator) => separator switch
    {
        "then" => "then",
        ";" => before is "then" ? before : ";",
        _ => before is "then" ? before : "",
    };

    private void ReadCommand(bool ordered)
    {
        var at = Current.At;
        if (CommandGrammar.At(_tokens, _next) is not { } form)
        {
            Unknown();
            SkipCommand();
            return;
        }

        _next += form.Words.Length;
        var clauses = new CommandClauses(this, form, at);
        if (!clauses.Read())
        {
            SkipCommand();
            return;
        }

        _commands.Add(clauses.ToCommand(form.Verb, ordered));
    }

    private void Unknown()
    {
        var first = Current.Kind is TokenKind.Word ? Current.Text : "";
        var near = Nearest.To(first, CommandGrammar.Forms.Select(f => f.Words[0]));
        var usages = CommandGrammar.Forms.Where(f => near.Contains(f.Words[0]) || f.Words[0].Equals(first, StringComparison.OrdinalIgnoreCase))
            .Select(f => f.Usage).Distinct().ToList();
        if (Current.Kind is TokenKind.Broken)
            Fail(Current, "");
        else
            _faults.Add(new Fault(
                PlanFault.Syntax, $"met {Current.Shown}, which begins no command", Current.At.ToString(),
                usages.Count > 0 ? "did you mean: " + string.Join(" · ", usages) : "commands: " + Usages()));
    }

    private static string Usages() => string.Join(" · ", CommandGrammar.Forms.Select(f => f.Usage).Distinct());

    private void SkipCommand()
    {
        while (!CommandGrammar.IsEnd(Current))
            _next++;
    }

    internal Token Peek(int ahead = 0) => _tokens[Math.Min(_next + ahead, _tokens.Count - 1)];

    internal Token Take() => _tokens[_next++];

    internal bool Fail(Token met, string expected)
    {
        _faults.Add(met.Kind is TokenKind.Broken
            ? new Fault(PlanFault.Syntax, met.Text, met.At.ToString(), met.Fix)
            : new Fault(PlanFault.Syntax, $"met {met.Shown}", met.At.ToString(), "expected " + expected));
        return false;
    }
}

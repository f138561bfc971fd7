namespace PolyClaw.Core.Planning.Commands;

/// <summary>Reads what follows a command's words.</summary>
internal sealed class CommandClauses(CommandParser parser, CommandForm form, TextPosition at)
{
    private readonly List<Setting> _settings = [];
    private readonly List<Placed> _after = [];
    private Placed? _target;
    private Placed? _from;
    private Placed? _to;
    private Placed? _name;

    public bool Read()
    {
        if (!ReadTarget())
            return false;
        while (!CommandGrammar.IsEnd(parser.Peek()))
        {
            if (!ReadClause())
                return false;
        }

        return form.Verb switch
        {
            CommandVerb.CreateServer when _from is null && !MayBeHost => parser.Fail(parser.Peek(), "'from FILE': " + CommandGrammar.FromForm),
            CommandVerb.Shift when _to is null => parser.Fail(parser.Peek(), "'to VERSION': " + form.Usage),
            _ => true,
        };
    }

    public Command ToCommand(CommandVerb verb, bool ordered) =>
        new(verb, at, _target, _from, _to, _settings, _name, _after, ordered);

    private bool ReadTarget()
    {
        var token = parser.Peek();
        switch (form.Verb)
        {
            case CommandVerb.CheckResources:
                return true;
            case CommandVerb.Ask or CommandVerb.Report:
                return token.Kind is TokenKind.Text ? TakeTarget() : parser.Fail(token, "a text in quotes: " + form.Usage);
            case CommandVerb.CreateServer when MayBeHost && (CommandGrammar.IsEnd(token) || IsClauseWord(token) || parser.Peek(1).Kind is TokenKind.Equals):
                return true; // a host server may go without a name
            case CommandVerb.Call:
                return IsName(token) && CommandGrammar.HasDot(token.Text)
                    ? TakeTarget()
                    : parser.Fail(token, "SERVER.TOOL: " + form.Usage);
            default:
                return IsName(token) && parser.Peek(1).Kind is not TokenKind.Equals && !token.Is("from")
                    ? TakeTarget()
                    : parser.Fail(token, (IsOfService ? "a service's name: " : "a server's name: ") + form.Usage);
        }
    }

    private bool TakeTarget()
    {
        var token = parser.Take();
        _target = new Placed(token.Text, token.At);
        return true;
    }

    private bool ReadClause()
    {
        var token = parser.Peek();
        var isKey = parser.Peek(1).Kind is TokenKind.Equals;
        if (IsName(token) && isKey)
            return ReadSetting();
        if (token.Is("as"))
            return ReadName();
        if (token.Is("after"))
            return ReadAfter();
        if (token.Is("from") && form.Verb is CommandVerb.CreateServer)
            return ReadFrom();
        if (token.Is("to") && form.Verb is CommandVerb.Shift)
            return ReadTo();
        if (token.Is("replicas") && form.Verb is CommandVerb.Autoscale)
        {
            parser.Take(); // to=20 replicas: said for people
            return true;
        }

        return parser.Fail(token, "key=value, 'as NAME', 'after STEP' or the end of the command: " + form.Usage);
    }

    private bool ReadSetting()
    {
        var key = parser.Take();
        parser.Take();
        var value = parser.Take();
        if (value.Kind is not TokenKind.Value)
            return parser.Fail(value, "a value");
        if (_settings.Any(s => s.Key.Text == key.Text))
            return parser.Fail(key, $"each key once; '{PlainText.Clean(key.Text, 40)}' stands twice");
        _settings.Add(new Setting(new Placed(key.Text, key.At), value.Value, value.At));
        return true;
    }

    private bool ReadName()
    {
        var word = parser.Take();
        var name = parser.Peek();
        if (_name is not null)
            return parser.Fail(word, "one 'as'");
        if (name.Kind is not TokenKind.Word || !Drafts.StepIds.IsValid(name.Text))
            return parser.Fail(name, "a step's name: a lower-case letter, then letters, digits, '-' or '_'");
        parser.Take();
        _name = new Placed(name.Text, name.At);
        return true;
    }

    private bool ReadAfter()
    {
        do
        {
            parser.Take(); // 'after' or ','
            var step = parser.Peek();
            if (step.Kind is not TokenKind.Word || !Drafts.StepIds.IsValid(step.Text))
                return parser.Fail(step, "a step's name, as given by 'as'");
            parser.Take();
            _after.Add(new Placed(step.Text, step.At));
        }
        while (parser.Peek().Kind is TokenKind.Comma);

        return true;
    }

    private bool ReadFrom()
    {
        var word = parser.Take();
        var file = parser.Peek();
        if (_from is not null)
            return parser.Fail(word, "one 'from'");
        if (!IsName(file))
            return parser.Fail(file, "the name of a server spec file: " + form.Usage);
        parser.Take();
        _from = new Placed(file.Text, file.At);
        return true;
    }

    private bool ReadTo()
    {
        var word = parser.Take();
        var version = parser.Peek();
        if (_to is not null)
            return parser.Fail(word, "one 'to'");
        if (!IsName(version))
            return parser.Fail(version, "a version's number: " + form.Usage);
        parser.Take();
        _to = new Placed(version.Text, version.At);
        return true;
    }

    private bool MayBeHost => form.Verb is CommandVerb.CreateServer && form.Words[1] == "mcp-server";

    private static bool IsClauseWord(Token token) => token.Is("as") || token.Is("after");

    private bool IsOfService =>
        form.Verb is CommandVerb.Deploy or CommandVerb.Validate or CommandVerb.Shift or CommandVerb.Autoscale or CommandVerb.DeleteService;

    private static bool IsName(Token token) => token.Kind is TokenKind.Word or TokenKind.Text && token.Text.Length > 0;
}

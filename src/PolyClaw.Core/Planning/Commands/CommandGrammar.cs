namespace PolyClaw.Core.Planning.Commands;

/// <summary>What a command's words look like, for the parser and for its errors.</summary>
internal sealed record CommandForm(CommandVerb Verb, string[] Words, string Usage);

/// <summary>All commands.</summary>
internal static class CommandGrammar
{
    public const string FromForm = "create server NAME from FILE [cpu= memory= storage= pids= idle_minutes= location=]";

    public const string HostForm = "create mcp-server [NAME] [cpu= memory= storage= location=]";

    public static IReadOnlyList<CommandForm> Forms { get; } =
    [
        new(CommandVerb.CheckResources, ["check", "resources"], "check resources [cpu= memory= storage= pids= location=]"),
        new(CommandVerb.CreateServer, ["create", "server"], FromForm),
        new(CommandVerb.CreateServer, ["create", "mcp-server"], HostForm),
        new(CommandVerb.Call, ["call"], "call SERVER.TOOL [key=value …]"),
        new(CommandVerb.Decommission, ["decommission", "mcp-server"], "decommission mcp-server NAME"),
        new(CommandVerb.Decommission, ["decommission", "server"], "decommission mcp-server NAME"),
        new(CommandVerb.Decommission, ["delete", "server"], "delete server NAME"),
        new(CommandVerb.Decommission, ["delete", "mcp-server"], "delete server NAME"),
        new(CommandVerb.Ask, ["ask"], "ask \"question\" [choices=[\"a\", \"b\"]]"),
        new(CommandVerb.Report, ["report"], "report \"text with ${step.path}\" [name=report.md]"),
        new(CommandVerb.Deploy, ["deploy", "service"], "deploy service \"NAME\" [image= replicas= cpu= memory= strategy= weight= …]"),
        new(CommandVerb.Validate, ["validate", "service"], "validate service NAME [path= requests= max_latency_ms=]"),
        new(CommandVerb.Shift, ["shift", "traffic"], "shift traffic NAME to VERSION [weight=]"),
        new(CommandVerb.Autoscale, ["autoscale", "service"], "autoscale service \"NAME\" to=N replicas [min= max= concurrency= latency_ms= cpu=]"),
        new(CommandVerb.DeleteService, ["delete", "service"], "delete service NAME"),
    ];

    /// <summary>The form whose words stand at <paramref name="index"/>, or nothing.</summary>
    /// <param name="tokens">All tokens.</param>
    /// <param name="index">Where a command begins.</param>
    public static CommandForm? At(IReadOnlyList<Token> tokens, int index) =>
        Forms.FirstOrDefault(form => form.Words.Index().All(word => tokens[Math.Min(index + word.Index, tokens.Count - 1)].Is(word.Item)));

    /// <summary>
    /// Whether what follows the words is what the command wants, so that plain language which happens to begin like a command
    /// ("report the sales by region") is not taken for one.
    /// </summary>
    /// <param name="form">The form met.</param>
    /// <param name="tokens">All tokens.</param>
    /// <param name="index">Where the command begins.</param>
    public static bool Fits(CommandForm form, IReadOnlyList<Token> tokens, int index)
    {
        var next = Ahead(0);
        var second = Ahead(1);
        var goesOn = IsEnd(second) || IsClause(second) || Ahead(2).Kind is TokenKind.Equals or TokenKind.Broken;
        return form.Verb switch
        {
            CommandVerb.CheckResources => IsEnd(next) || IsClause(next) || second.Kind is TokenKind.Equals,
            CommandVerb.CreateServer => IsEnd(next) || next.Kind is TokenKind.Text || second.Is("from") || second.Kind is TokenKind.Equals || goesOn,
            CommandVerb.Call => next.Kind is TokenKind.Text || (next.Kind is TokenKind.Word && HasDot(next.Text) && goesOn),
            CommandVerb.Decommission => IsEnd(next) || next.Kind is TokenKind.Text || goesOn,
            CommandVerb.Deploy or CommandVerb.Validate or CommandVerb.Shift or CommandVerb.Autoscale or CommandVerb.DeleteService =>
                IsEnd(next) || next.Kind is TokenKind.Text || second.Kind is TokenKind.Equals || second.Is("to") || goesOn,
            CommandVerb.Ask or CommandVerb.Report => next.Kind is TokenKind.Text or TokenKind.Broken,
            _ => throw new System.Diagnostics.UnreachableException(),
        };

        Token Ahead(int count) => tokens[Math.Min(index + form.Words.Length + count, tokens.Count - 1)];
    }

    /// <summary>Whether a name has a dot inside: <c>SERVER.TOOL</c>.</summary>
    /// <param name="name">The name.</param>
    public static bool HasDot(string name) => name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && dot < name.Length - 1;

    public static bool IsEnd(Token token) => token.Kind is TokenKind.Separator or TokenKind.End;

    private static bool IsClause(Token token) => token.Is("as") || token.Is("after");
}

using PolyClaw.Core.Actions;

namespace PolyClaw.Core.Planning.References;

/// <summary>What may happen to a string of an action.</summary>
internal enum ReferenceMode
{
    /// <summary>It may name a target or a limit: a reference in it is a fault.</summary>
    Refused,

    /// <summary>A string that is exactly one reference takes the value with its type.</summary>
    Value,

    /// <summary>It stays a string: references are written into it as text.</summary>
    Text,

    /// <summary>Nobody looks: tool code and schemas have <c>${…}</c> of their own.</summary>
    Verbatim,
}

/// <summary>Which places in an action's parameters may hold references. What is not listed refuses them.</summary>
internal sealed class ReferenceRules
{
    private readonly (string[] Pattern, ReferenceMode Mode)[] _rules;

    private ReferenceRules(params (string Pattern, ReferenceMode Mode)[] rules) =>
        _rules = [.. rules.Select(r => (r.Pattern.Split('/', StringSplitOptions.RemoveEmptyEntries), r.Mode))];

    private static readonly ReferenceRules Nowhere = new();

    private static readonly ReferenceRules CallTool = new(("/arguments/**", ReferenceMode.Value));

    private static readonly ReferenceRules AskUser = new(("/question", ReferenceMode.Text), ("/choices/*", ReferenceMode.Text));

    private static readonly ReferenceRules Report = new(("/text", ReferenceMode.Text));

    private static readonly ReferenceRules Done = new(
        ("/summary", ReferenceMode.Text), ("/expect/*/value/**", ReferenceMode.Value), ("/expect/*/schema/**", ReferenceMode.Verbatim));

    private static readonly ReferenceRules CreateMcpServer = new(
        ("/source/files/*/text", ReferenceMode.Text),
        ("/source/tools/*/code", ReferenceMode.Verbatim),
        ("/source/tools/*/description", ReferenceMode.Verbatim),
        ("/source/tools/*/input_schema/**", ReferenceMode.Verbatim),
        ("/source/tools/*/output_schema/**", ReferenceMode.Verbatim),
        ("/source/tools/*/examples/**", ReferenceMode.Verbatim));

    public static ReferenceRules For(string actionName) => actionName switch
    {
        ActionNames.CallTool => CallTool,
        ActionNames.AskUser => AskUser,
        ActionNames.Report => Report,
        ActionNames.Done => Done,
        ActionNames.CreateMcpServer => CreateMcpServer,
        _ => Nowhere,
    };

    public ReferenceMode At(IReadOnlyList<string> path)
    {
        foreach (var (pattern, mode) in _rules)
        {
            if (Matches(pattern, path))
                return mode;
        }

        return ReferenceMode.Refused;
    }

    // '*' is one segment, a last '**' is any number of them.
    private static bool Matches(string[] pattern, IReadOnlyList<string> path)
    {
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == "**")
                return true;
            if (i >= path.Count || (pattern[i] != "*" && pattern[i] != path[i]))
                return false;
        }

        return path.Count == pattern.Length;
    }
}

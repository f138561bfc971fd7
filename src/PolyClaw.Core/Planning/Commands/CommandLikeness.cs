namespace PolyClaw.Core.Planning.Commands;

/// <summary>Tells commands from plain language.</summary>
internal static class CommandLikeness
{
    internal enum Kind
    {
        /// <summary>Plain language.</summary>
        None,

        /// <summary>Begins with a command's words, and then reads like a sentence or a slip.</summary>
        Perhaps,

        /// <summary>Commands, right or with slips.</summary>
        Commands,
    }

    /// <summary>Whether a goal could be a slip in one or a few commands and not a text.</summary>
    public static bool IsShort(string goal) => goal.Length < 2_000;

    public static Kind Of(string goal)
    {
        if (goal.Length > PlanLimits.AnswerBytes)
            return Kind.None;
        var tokens = Lexer.Read(goal);
        var (begin, fit, perhaps) = (0, 0, 0);
        var firstFits = false;
        for (var i = 0; i < tokens.Count; i++)
        {
            if (CommandGrammar.IsEnd(tokens[i]) || (i > 0 && !CommandGrammar.IsEnd(tokens[i - 1])))
                continue;
            begin++;
            var form = CommandGrammar.At(tokens, i);
            perhaps += form is null ? 0 : 1;
            if (form is null || !CommandGrammar.Fits(form, tokens, i))
                continue;
            fit++;
            firstFits |= begin == 1;
        }

        return firstFits || (fit > 0 && 2 * fit >= begin) ? Kind.Commands
            : perhaps > 0 ? Kind.Perhaps
            : Kind.None;
    }
}

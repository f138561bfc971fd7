using System.Globalization;
using PolyClaw.Core.Goals;

namespace PolyClaw.Cli;

/// <summary>How a step reads in a list.</summary>
internal static class StepText
{
    private const int LongestMessage = 200;
    private const double Second = 1000;
    private const double Minute = 60 * Second;

    /// <summary>The step's name, and what it does where the name does not say so.</summary>
    public static string Title(StepView step) => step switch
    {
        { Action: "DONE" } => step.Id,
        { Target: { } target } => $"{step.Id}  {Verb(step.Action)} {target}",
        _ => $"{step.Id}  {Verb(step.Action)}",
    };

    public static string Message(StepView step) => step.Message is { Length: > 0 } message ? "  " + OneLine(step.Status == StepStatus.Running ? message.Replace("\n", " | ", StringComparison.Ordinal) : message, LongestMessage) : "";

    public static string Time(double ms) => ms switch
    {
        < Second => ms.ToString("0", CultureInfo.InvariantCulture) + " ms",
        < Minute => (ms / Second).ToString("0.0", CultureInfo.InvariantCulture) + " s",
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)(ms / Minute)} min {(int)(ms % Minute / Second)} s"),
    };

    /// <summary>A text on one line, cut where it grows too long, never through the middle of a character.</summary>
    public static string OneLine(string text, int longest)
    {
        var line = text.ReplaceLineEndings(" ").Replace('\t', ' ');
        if (line.Length <= longest)
            return line;
        var end = longest - 1;
        return line[..(char.IsHighSurrogate(line[end - 1]) ? end - 1 : end)] + "…";
    }

    private static string Verb(string action) => action switch
    {
        "create_mcp_server" => "create",
        "decommission_mcp_server" => "remove",
        "call_tool" => "call",
        "check_resource_availability" => "check resources",
        "ask_user" => "ask",
        _ => action.Replace('_', ' '),
    };
}

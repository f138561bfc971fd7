using System.Globalization;
using Jint.Native;
using Jint.Native.Object;

namespace PolyClaw.ToolServer.Scripting;

/// <summary>Where in the tool's code something happened, as words to add to a message.</summary>
internal static class ScriptPlace
{
    private static readonly char[] Separators = [':', ')', '\n', '\r', ' '];

    /// <summary>The place, its line and column counted from 1 in what the engine was given.</summary>
    public static string Of(int line, int column)
    {
        // The engine was given the code behind one opening bracket.
        var own = line == 1 ? column - 1 : column;
        return string.Create(CultureInfo.InvariantCulture, $" at line {line}, column {own}");
    }

    /// <summary>The innermost place of the tool's code in an error's own stack; nothing if there is none.</summary>
    public static string FromStack(JsValue error)
    {
        const string Mark = ScriptRun.SourceName + ":";
        if (error is not ObjectInstance thrown || thrown.Get("stack") is not JsString stack)
        {
            return "";
        }

        var text = stack.ToString();
        var start = text.IndexOf(Mark, StringComparison.Ordinal);
        if (start < 0)
        {
            return "";
        }

        var parts = text[(start + Mark.Length)..].Split(Separators, 3);
        return parts.Length >= 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var line)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var column)
                ? Of(line, column)
                : "";
    }
}

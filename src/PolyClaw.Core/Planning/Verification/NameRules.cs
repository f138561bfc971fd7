using PolyClaw.Core.Goals;
using PolyClaw.Core.Names;

namespace PolyClaw.Core.Planning.Verification;

/// <summary>Server and tool names, and letters made to look like others.</summary>
internal static class NameRules
{
    private const string Latin = "aceopxyijshkbmtABCEHIKMOPTXYJSZNaopvuxyAB";
    private const string Alike = "асеорхуіјѕһкьмтАВСЕНІКМОРТХУЈЅΖΝαορνυχγΑΒ";

    public static Fault? CheckServer(string name, string path) =>
        ServerName.Check(name, path) is { } fault ? Confusable(name, path) ?? fault with { Code = PlanFault.BadName } : null;

    public static Fault? CheckTool(string name, string path) =>
        ToolName.Check(name, path) is { } fault ? Confusable(name, path) ?? fault with { Code = PlanFault.BadName } : null;

    private static Fault? Confusable(string name, string path)
    {
        if (name.All(char.IsAscii))
            return null;
        var plain = Skeleton(name);
        return new Fault(
            PlanFault.ConfusableName, $"'{PlainText.Show(name)}' holds characters that are not plain letters", path,
            plain.All(char.IsAscii) ? $"it looks like '{PlainText.Show(plain)}'; names are plain ASCII" : "names are plain ASCII");
    }

    // Enough to name the likely target; acceptance never depends on it.
    private static string Skeleton(string name) => new([.. name.Where(c => char.GetUnicodeCategory(c) is not
        (System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.NonSpacingMark)).Select(c =>
        c is >= '！' and <= '～' ? (char)(c - 0xFEE0)
        : Alike.IndexOf(c, StringComparison.Ordinal) is >= 0 and var i ? Latin[i]
        : c)]);
}

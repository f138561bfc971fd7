using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Names;

/// <summary>Names of tools: <c>^[A-Za-z0-9_.-]{1,128}$</c>.</summary>
public static class ToolName
{
    private const int LongestLength = 128;

    /// <summary>Judges a name as it stands.</summary>
    /// <param name="text">The name.</param>
    /// <param name="path">Where it stands, a JSON pointer.</param>
    /// <returns>What is wrong, or nothing.</returns>
    public static Fault? Check(string? text, string path)
    {
        var problem = string.IsNullOrEmpty(text) ? "it is empty"
            : CodePoints.FirstBad(text, static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-') is { } bad ? bad + " is not allowed"
            : text.Length > LongestLength ? $"it has {text.Length} characters"
            : null;
        return problem is null
            ? null
            : new Fault("invalid_name", $"{CodePoints.Show(text)} is no tool name: {problem}", path, $"1 to {LongestLength} of A-Z, a-z, 0-9, '_', '.' and '-', for example read_rows");
    }
}

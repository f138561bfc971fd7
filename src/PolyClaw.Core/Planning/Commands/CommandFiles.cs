namespace PolyClaw.Core.Planning.Commands;

/// <summary>What files a goal of commands names, so that a client can send them along.</summary>
public static class CommandFiles
{
    /// <summary>
    /// The names after <c>from</c>, as they are written, in order and once each. Empty for a goal that holds no commands. Each is a server
    /// spec, whose own files <see cref="ServerSpecFile.ReferencedFiles"/> lists.
    /// </summary>
    /// <param name="goal">The goal's text.</param>
    public static IReadOnlyList<string> Of(string goal) =>
        [.. CommandParser.Parse(goal).Commands.Select(c => c.From?.Text).OfType<string>().Distinct()];
}

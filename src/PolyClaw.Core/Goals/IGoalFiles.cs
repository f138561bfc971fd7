using System.Diagnostics.CodeAnalysis;

namespace PolyClaw.Core.Goals;

/// <summary>The files of one goal. Names are looked up exactly; no path is opened.</summary>
public interface IGoalFiles
{
    /// <summary>What there is.</summary>
    IReadOnlyList<GoalFile> All { get; }

    /// <summary>Reads a file as UTF-8 text.</summary>
    /// <param name="name">The name the goal uses.</param>
    /// <param name="text">The content, when there is such a file and it is text.</param>
    bool TryReadText(string name, [NotNullWhen(true)] out string? text);
}

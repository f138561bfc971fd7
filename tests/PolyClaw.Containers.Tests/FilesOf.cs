using System.Diagnostics.CodeAnalysis;
using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Tests;

internal sealed class FilesOf(params (string Name, string Text)[] files) : IGoalFiles
{
    public IReadOnlyList<GoalFile> All => [.. files.Select(f => new GoalFile(f.Name, "", f.Text.Length))];

    public bool TryReadText(string name, [NotNullWhen(true)] out string? text)
    {
        text = files.FirstOrDefault(f => f.Name == name).Text;
        return text is not null;
    }
}

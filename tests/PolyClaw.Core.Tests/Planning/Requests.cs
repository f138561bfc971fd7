using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using PolyClaw.Core.Execution;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Planning;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Tools;

namespace PolyClaw.Core.Tests.Planning;

/// <summary>Planning requests for tests.</summary>
internal static class Requests
{
    public static PlanningRequest For(
        string goal,
        IReadOnlyDictionary<string, string>? files = null,
        IReadOnlyList<ServerTools>? servers = null,
        IReadOnlyList<FinishedStep>? done = null,
        IReadOnlyList<Fault>? trouble = null,
        long tokensLeft = 500_000) => new(
            RunId.New(), goal, "acme", new MemoryFiles(files ?? new Dictionary<string, string>()), servers ?? [],
            new QuotaView(new ResourceAmounts(4_000_000_000, 4L << 30, 10L << 30, 8), new ResourceAmounts(1_000_000_000, 1L << 30, 0, 1)),
            done ?? [], trouble ?? [], tokensLeft);

    public static JsonElement Json(string text) => JsonElement.Parse(text);

    public static ServerTools Server(string name, params string[] tools) =>
        new(name, [.. tools.Select(t => new ToolInfo(t, "does " + t, Json("""{"type":"object"}""")))]);

    public static FinishedStep Finished(PlanStep step, string data) =>
        new(step, new StepOutcome.Succeeded("done", Json(data)));
}

/// <summary>Goal files that lie in memory.</summary>
internal sealed class MemoryFiles(IReadOnlyDictionary<string, string> files) : IGoalFiles
{
    public IReadOnlyList<GoalFile> All { get; } = [.. files.Select(f => new GoalFile(f.Key, new string('0', 64), f.Value.Length))];

    public bool TryReadText(string name, [NotNullWhen(true)] out string? text) => files.TryGetValue(name, out text);
}

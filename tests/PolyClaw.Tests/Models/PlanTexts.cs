using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Planning;
using PolyClaw.Core.Planning.Models;
using PolyClaw.Core.Policy;
using PolyClaw.Core.Tools;

namespace PolyClaw.Tests.Models;

/// <summary>Plans that a scripted model writes, and the planner that asks it.</summary>
internal static class PlanTexts
{
    public const string Good =
        """{"plan":[{"id":"r","name":"report","parameters":{"text":"hello"}},{"id":"done","name":"DONE","parameters":{"summary":"said hello"}}],"continues":false}""";

    public static ServerTools Box { get; } = new("box",
    [
        new ToolInfo("put", "puts a number away", JsonElement.Parse("""{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"],"additionalProperties":false}""")),
    ]);

    public static string Call(string server, string tool, string arguments) => Plan(
        $$$"""{"id":"c","name":"call_tool","parameters":{"server":"{{{server}}}","tool":"{{{tool}}}","arguments":{{{arguments}}}}}""");

    public static string Plan(params string[] steps) =>
        $$$"""{"plan":[{{{string.Join(",", steps)}}},{"id":"done","name":"DONE","parameters":{}}],"continues":false}""";

    public static async Task<PlannerAnswer> AskAsync(
        ModelDouble model, TimeProvider? clock = null, PlanningRequest? request = null, CancellationToken? cancellationToken = null)
    {
        using var client = PolyClaw.Models.ModelConnection.Open(model.Options, clock ?? TimeProvider.System);
        var schemas = ActionSchemas.All;
        var planner = new ModelPlanner(client, model.Options.Name, schemas, new PlanVerifier(schemas));
        return await planner.PlanAsync(request ?? Request(), cancellationToken ?? TestContext.Current.CancellationToken);
    }

    public static PlanningRequest Request(long tokensLeft = 500_000, string goal = "say hello") => new(
        RunId.New(), goal, "local", new NoFiles(), [Box], new QuotaView(new ResourceAmounts(4_000_000_000, 4L << 30, 10L << 30, 8), ResourceAmounts.None), [], [], tokensLeft);

    private sealed class NoFiles : IGoalFiles
    {
        public IReadOnlyList<GoalFile> All => [];

        public bool TryReadText(string name, [NotNullWhen(true)] out string? text)
        {
            text = null;
            return false;
        }
    }
}

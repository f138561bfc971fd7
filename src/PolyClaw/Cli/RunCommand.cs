using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using PolyClaw.Core.Goals;
using PolyClaw.Instances;
using PolyClaw.Mcp;
using Spectre.Console;

namespace PolyClaw.Cli;

/// <summary><c>polyclaw run</c>: hands a goal over and shows it being carried out. Ctrl-C lets go of it; the run goes on.</summary>
internal static class RunCommand
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public static Command Make()
    {
        var goal = new Argument<string>("goal") { Description = "A goal in plain words or commands, or a .goal file" };
        var plan = new Option<bool>("--plan") { Description = "Only make the plan and show it" };
        var attach = new Option<string[]>("--file") { Description = "A file that the goal needs; files it names are found by themselves" };
        return new Command("run", "Carry out a goal") { goal, plan, attach }.Does(async (parsed, cancellationToken) =>
        {
            var home = Home.Open();
            home.RequireWritable();
            var given = GoalInput.Read(parsed.GetRequiredValue(goal), parsed.GetValue(attach) ?? [], new BlobStore(home.Blobs));
            if (given.Fault is { } fault)
                throw new UsageException(fault);

            await using var client = await InstanceClient.OpenAsync(home, start: true, cancellationToken);
            var arguments = new JsonObject
            {
                ["goal"] = given.Goal,
                ["mode"] = parsed.GetValue(plan) ? "plan" : "run",
                ["wait_seconds"] = 0,
                ["files"] = new JsonArray([.. given.Uploads.Select(u => (JsonNode)u)]),
            };
            var run = await client.CallAsync("plan_and_execute", arguments, SurfaceJson.Default.RunView, cancellationToken);
            return await FollowAsync(client, run, parsed.GetValue(Commands.Json), given.Attached, cancellationToken);
        });
    }

    /// <summary>Carries out a goal that a command of ours wrote.</summary>
    public static async Task<int> CarryOutAsync(ParseResult parsed, string goal, CancellationToken cancellationToken)
    {
        var home = Home.Open();
        var given = GoalInput.Read(goal, [], new BlobStore(home.Blobs));
        if (given.Fault is { } fault)
            throw new UsageException(fault);
        await using var client = await InstanceClient.OpenAsync(home, start: true, cancellationToken);
        var run = await client.CallAsync(
            "plan_and_execute",
            new JsonObject { ["goal"] = given.Goal, ["wait_seconds"] = 0, ["files"] = new JsonArray([.. given.Uploads.Select(u => (JsonNode)u)]) },
            SurfaceJson.Default.RunView, cancellationToken);
        return await FollowAsync(client, run, parsed.GetValue(Commands.Json), given.Attached, cancellationToken);
    }

    /// <summary>Shows a run until it ends, and says how it ended.</summary>
    public static async Task<int> FollowAsync(InstanceClient client, RunView run, bool json, IReadOnlyList<string> attached, CancellationToken cancellationToken)
    {
        if (client.Note is { } note)
            Terminal.Tell(note);
        var display = DisplayFor(json);
        display.Begin(run, attached);
        try
        {
            while (true)
            {
                run = await display.FollowAsync(run, async () =>
                {
                    await Task.Delay(Look, TimeProvider.System, cancellationToken);
                    return await GetAsync(client, run.RunId, cancellationToken);
                });
                if (run.Status != RunStatus.AwaitingInput || json || !Terminal.IsInteractive || !await InputPrompt.AnswerAsync(client, run, cancellationToken))
                    break;
                run = await GetAsync(client, run.RunId, cancellationToken);
            }

            if (json)
                Terminal.Line(JsonSerializer.Serialize(run, SurfaceJson.Default.RunView));
            else
                RunSummaryText.Print(run, await client.ControlAsync(InstanceControl.StatusMethod, cancellationToken));
            return ExitCodes.Of(run);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Terminal.Tell($"let go of {run.RunId}; it goes on");
            Terminal.ErrorLine($"          polyclaw runs show {run.RunId} --follow    shows it again");
            Terminal.ErrorLine($"          polyclaw runs cancel {run.RunId}           stops and undoes it");
            return ExitCodes.Done;
        }
    }

    public static Task<RunView> GetAsync(InstanceClient client, string run, CancellationToken cancellationToken) =>
        client.CallAsync("get_run", new JsonObject { ["run_id"] = run }, SurfaceJson.Default.RunView, cancellationToken);

    private static IRunDisplay DisplayFor(bool json)
    {
        if (json)
            return new SilentDisplay();
        return Terminal.OutputIsTerminal && AnsiConsole.Profile.Capabilities.Ansi
            ? new LiveDisplay(AnsiConsole.Console, TimeProvider.System)
            : new LineDisplay(Terminal.Line, TimeProvider.System);
    }
}

using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using PolyClaw.Core.Goals;
using PolyClaw.Instances;
using PolyClaw.Mcp;

namespace PolyClaw.Cli;

/// <summary><c>polyclaw runs</c>: look at runs, answer and cancel them.</summary>
internal static class RunsCommand
{
    private const int LongestLine = 140;

    private static readonly Argument<string> Run = new("run") { Description = "The run's id" };

    public static Command Make() => new("runs", "Look at runs, answer and cancel them") { List(), Show(), Answer(), Approve(), Cancel() };

    private static Command List()
    {
        var limit = new Option<int>("--limit") { Description = "How many", DefaultValueFactory = _ => 20 };
        return new Command("list", "List runs, newest first") { limit }.Does(async (parsed, cancellationToken) =>
        {
            await using var client = await InstanceClient.OpenAsync(Home.Open(), start: true, cancellationToken);
            var page = await client.CallAsync("list_runs", new JsonObject { ["limit"] = parsed.GetValue(limit) }, SurfaceJson.Default.RunPage, cancellationToken);
            if (parsed.GetValue(Commands.Json))
                Terminal.Line(JsonSerializer.Serialize(page, SurfaceJson.Default.RunPage));
            else if (page.Runs.Count == 0)
                Terminal.Line("no runs yet");
            foreach (var run in parsed.GetValue(Commands.Json) ? [] : page.Runs)
                Terminal.Line($"{run.RunId}  {run.CreatedAt.ToLocalTime():yyyy-MM-dd HH:mm}  {run.Status,-16}  {FirstLine(run.Goal)}");
            return ExitCodes.Done;
        });
    }

    private static Command Show()
    {
        var follow = new Option<bool>("--follow") { Description = "Show it until it ends" };
        return new Command("show", "Show a run step by step") { Run, follow }.Does(async (parsed, cancellationToken) =>
        {
            await using var client = await InstanceClient.OpenAsync(Home.Open(), start: true, cancellationToken);
            var id = parsed.GetRequiredValue(Run);
            if (parsed.GetValue(follow))
                return await RunCommand.FollowAsync(client, await RunCommand.GetAsync(client, id, cancellationToken), parsed.GetValue(Commands.Json), [], cancellationToken);
            var run = await After(0);
            if (parsed.GetValue(Commands.Json))
            {
                Terminal.Line(JsonSerializer.Serialize(run, SurfaceJson.Default.RunView));
                return ExitCodes.Done;
            }

            for (var page = run; page.Events is { Count: > 0 } events; page = await After(events[^1].Position))
                foreach (var happened in events)
                    Terminal.Line($"{happened.At.ToLocalTime():HH:mm:ss.fff}  {happened.Kind,-16}  {FirstLine(happened.Text)}");
            RunSummaryText.Print(run, await client.ControlAsync(InstanceControl.StatusMethod, cancellationToken));
            return ExitCodes.Done;

            Task<RunView> After(long position) =>
                client.CallAsync("get_run", new JsonObject { ["run_id"] = id, ["after"] = position }, SurfaceJson.Default.RunView, cancellationToken);
        });
    }

    private static Command Answer()
    {
        var input = new Argument<string>("input") { Description = "The question's id" };
        var approve = new Option<bool>("--approve") { Description = "Approve what is asked" };
        var deny = new Option<bool>("--deny") { Description = "Do not approve it" };
        var text = new Option<string?>("--answer") { Description = "The answer to a question" };
        return new Command("answer", "Answer a run's question") { Run, input, approve, deny, text }.Does(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(approve) && parsed.GetValue(deny))
                throw new UsageException(new Fault("both", "--approve and --deny were both given", Fix: "give one"));

            var arguments = new JsonObject { ["run_id"] = parsed.GetRequiredValue(Run), ["input_id"] = parsed.GetRequiredValue(input) };
            if (parsed.GetValue(approve) || parsed.GetValue(deny))
                arguments["approve"] = parsed.GetValue(approve);
            if (parsed.GetValue(text) is { } answer)
                arguments["answer"] = answer;
            return await CallAsync(parsed, "answer_run", arguments, cancellationToken);
        });
    }

    private static Command Approve()
    {
        var digest = new Argument<string>("plan") { Description = "The plan's digest, as shown" };
        return new Command("approve", "Carry out a planned run") { Run, digest }.Does(async (parsed, cancellationToken) =>
        {
            await using var client = await InstanceClient.OpenAsync(Home.Open(), start: true, cancellationToken);
            var arguments = new JsonObject { ["run_id"] = parsed.GetRequiredValue(Run), ["approved_plan"] = parsed.GetRequiredValue(digest), ["wait_seconds"] = 0 };
            var run = await client.CallAsync("plan_and_execute", arguments, SurfaceJson.Default.RunView, cancellationToken);
            return await RunCommand.FollowAsync(client, run, parsed.GetValue(Commands.Json), [], cancellationToken);
        });
    }

    private static Command Cancel()
    {
        var keep = new Option<bool>("--keep") { Description = "Leave what was done as it is" };
        return new Command("cancel", "Stop a run and undo what it did") { Run, keep }.Does((parsed, cancellationToken) => CallAsync(
            parsed, "cancel_run", new JsonObject { ["run_id"] = parsed.GetRequiredValue(Run), ["rollback"] = !parsed.GetValue(keep) }, cancellationToken));
    }

    private static async Task<int> CallAsync(ParseResult parsed, string tool, JsonObject arguments, CancellationToken cancellationToken)
    {
        await using var client = await InstanceClient.OpenAsync(Home.Open(), start: true, cancellationToken);
        var run = await client.CallAsync(tool, arguments, SurfaceJson.Default.RunView, cancellationToken);
        Terminal.Line(parsed.GetValue(Commands.Json)
            ? JsonSerializer.Serialize(run, SurfaceJson.Default.RunView)
            : $"{run.RunId} is {Core.Wire.Name(run.Status)}");
        return ExitCodes.Done;
    }

    private static string FirstLine(string text) => StepText.OneLine(text, LongestLine);
}

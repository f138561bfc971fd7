using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using PolyClaw.Core.Goals;
using PolyClaw.Instances;
using PolyClaw.Mcp;

namespace PolyClaw.Cli;

/// <summary><c>polyclaw servers</c>: child servers by hand.</summary>
internal static class ServersCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "The server's name" };

    public static Command Make() => new("servers", "Make, look at, call and remove child servers") { List(), Create(), Call(), Remove() };

    private static Command List() => new Command("list", "List child servers").Does(async (parsed, cancellationToken) =>
    {
        await using var client = await InstanceClient.OpenAsync(Home.Open(), start: true, cancellationToken);
        var page = await client.CallAsync("list_servers", [], SurfaceJson.Default.ServerPage, cancellationToken);
        if (parsed.GetValue(Commands.Json))
        {
            Terminal.Line(JsonSerializer.Serialize(page, SurfaceJson.Default.ServerPage));
            return ExitCodes.Done;
        }

        if (page.Servers.Count == 0)
            Terminal.Line("no servers");
        foreach (var s in page.Servers)
            Terminal.Line($"{s.Name,-20} {s.Kind,-8} {Core.Wire.Name(s.State),-10} {Core.Wire.Name(s.Isolation),-10} cpu {s.Resources.Cpu}, memory {s.Resources.Memory}  {string.Join(", ", s.Tools)}");
        return ExitCodes.Done;
    });

    private static Command Create()
    {
        var file = new Option<string>("--file", "-f") { Description = "A server spec in JSON, as create_server takes it", Required = true };
        return new Command("create", "Make a child server from a spec file") { Name, file }.Does((parsed, cancellationToken) =>
        {
            // The same way a plan takes: the command planner reads the spec and the files it names.
            var goal = $"create server {parsed.GetRequiredValue(Name)} from {JsonSerializer.Serialize(parsed.GetRequiredValue(file), CliJson.Default.String)}";
            return RunCommand.CarryOutAsync(parsed, goal, cancellationToken);
        });
    }

    private static Command Call()
    {
        var tool = new Argument<string>("tool") { Description = "SERVER.TOOL" };
        var arguments = new Option<string>("--arguments", "-a") { Description = "A JSON object", DefaultValueFactory = _ => "{}" };
        return new Command("call", "Call a child server's tool") { tool, arguments }.Does(async (parsed, cancellationToken) =>
        {
            if (parsed.GetRequiredValue(tool).Split('.', 2) is not [var server, var name])
                throw new UsageException(new Fault("bad_tool", "the tool is named SERVER.TOOL", "tool"));
            JsonNode? given;
            try
            {
                given = JsonNode.Parse(parsed.GetRequiredValue(arguments));
            }
            catch (JsonException e)
            {
                throw new UsageException(new Fault("bad_json", e.Message, "--arguments", """a JSON object such as '{"a":1}'"""));
            }

            await using var client = await InstanceClient.OpenAsync(Home.Open(), start: true, cancellationToken);
            var result = await client.CallRawAsync("call_tool", new JsonObject { ["server"] = server, ["tool"] = name, ["arguments"] = given }, cancellationToken);
            var failed = result["isError"] is JsonValue flag && flag.GetValueKind() == JsonValueKind.True;
            if (parsed.GetValue(Commands.Json))
                Terminal.Line(result.ToJsonString());
            else if (failed)
                Terminal.Error(InstanceClient.FaultOf(result));
            else
                Terminal.Line(result["structuredContent"]?.ToJsonString() ?? InstanceClient.TextOf(result));
            return failed ? ExitCodes.Failed : ExitCodes.Done;
        });
    }

    private static Command Remove() => new Command("remove", "Remove a child server") { Name }.Does(async (parsed, cancellationToken) =>
    {
        await using var client = await InstanceClient.OpenAsync(Home.Open(), start: true, cancellationToken);
        var view = await client.CallAsync("remove_server", new JsonObject { ["name"] = parsed.GetRequiredValue(Name) }, SurfaceJson.Default.ServerView, cancellationToken);
        Terminal.Line(parsed.GetValue(Commands.Json) ? JsonSerializer.Serialize(view, SurfaceJson.Default.ServerView) : $"{view.Name} is removed");
        return ExitCodes.Done;
    });
}

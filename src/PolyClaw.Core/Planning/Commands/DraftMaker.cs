using System.Text.Json.Nodes;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Planning.Drafts;

namespace PolyClaw.Core.Planning.Commands;

/// <summary>Turns one command into a draft of a step.</summary>
internal sealed class DraftMaker(IGoalFiles files, HostNames hosts, ICollection<Fault> faults)
{
    private static readonly string[] Amounts = ["cpu", "memory", "storage", "pids"];

    public StepDraft? Make(Command command, string id, IReadOnlyList<string> dependsOn)
    {
        var services = new ServiceDrafts(faults);
        var positions = new CommandPositions(command.At).Add("/id", command.Name?.At);
        for (var i = 0; i < command.After.Count; i++)
            positions.Add($"/depends_on/{i}", command.After[i].At);
        var (name, parameters) = command.Verb switch
        {
            CommandVerb.CheckResources => (ActionNames.CheckResourceAvailability, Limits([], command, positions, [.. Amounts, "location"])),
            CommandVerb.CreateServer => (ActionNames.CreateMcpServer, CreateServer(command, positions)),
            CommandVerb.Call => (ActionNames.CallTool, Call(command, positions)),
            CommandVerb.Decommission => (ActionNames.DecommissionMcpServer, Texts("name", command, positions, [])),
            CommandVerb.Deploy => (ActionNames.DeployService, services.Deploy(command, positions)),
            CommandVerb.Validate => (ActionNames.ValidateService, services.Validate(command, positions)),
            CommandVerb.Shift => (ActionNames.ShiftTraffic, services.Shift(command, positions)),
            CommandVerb.Autoscale => (ActionNames.Autoscale, services.Autoscale(command, positions)),
            CommandVerb.DeleteService => (ActionNames.DeleteService, services.Named(command, positions, [])),
            CommandVerb.Ask => (ActionNames.AskUser, Texts("question", command, positions, ["choices"])),
            _ => (ActionNames.Report, Texts("text", command, positions, ["name"])),
        };
        return parameters is null ? null : new StepDraft(id, name, JsonNodes.ToElement(parameters), dependsOn, null, positions);
    }

    private static JsonObject Call(Command command, CommandPositions positions)
    {
        var target = command.Target!;
        var dot = target.Text.IndexOf('.', StringComparison.Ordinal);
        var arguments = new JsonObject();
        foreach (var setting in command.Settings)
        {
            arguments[setting.Key.Text] = JsonNodes.From(setting.Value);
            positions.Add(JsonPointer.Append("/parameters/arguments", setting.Key.Text), setting.ValueAt);
        }

        positions.Add("/parameters/server", target.At);
        positions.Add("/parameters/tool", target.At with { Column = target.At.Column + dot + 1 });
        return new JsonObject { ["server"] = target.Text[..dot], ["tool"] = target.Text[(dot + 1)..], ["arguments"] = arguments };
    }

    private JsonObject Texts(string targetField, Command command, CommandPositions positions, string[] keys)
    {
        var parameters = new JsonObject { [targetField] = command.Target!.Text };
        positions.Add("/parameters/" + targetField, command.Target.At);
        foreach (var setting in Known(command, keys))
        {
            parameters[setting.Key.Text] = setting.Key.Text == "name" ? setting.Written : JsonNodes.From(setting.Value);
            positions.Add("/parameters/" + setting.Key.Text, setting.ValueAt);
        }

        return parameters;
    }

    private JsonObject? CreateServer(Command command, CommandPositions positions)
    {
        if (command.From is not { } from)
            return CreateHost(command, positions);
        if (GoalPath.Find(files, from.Text) is not { } file)
        {
            faults.Add(new Fault(
                PlanFault.UnknownFile, $"the file '{PlainText.Clean(from.Text, 200)}' did not come with the goal", from.At.ToString(),
                Nearest.Advice(from.Text, [.. files.All.Select(f => f.Name)], "files")));
            return null;
        }

        if (ServerSpecFile.Read(file, files, faults) is not { } parameters)
            return null;
        positions.InFile(file);
        if (command.Target is null)
        {
            faults.Add(new Fault(PlanFault.Syntax, "a server from a file needs a name", from.At.ToString(), CommandGrammar.FromForm));
            return null;
        }

        parameters["name"] = command.Target.Text;
        positions.Add("/parameters/name", command.Target.At);
        return Limits(parameters, command, positions, [.. Amounts, "idle_minutes", "location"]);
    }

    private JsonObject CreateHost(Command command, CommandPositions positions)
    {
        var location = command.Settings.FirstOrDefault(s => s.Key.Text == "location")?.Written;
        var parameters = new JsonObject { ["name"] = command.Target?.Text ?? hosts.Free(location), ["source"] = new JsonObject { ["kind"] = "host" } };
        positions.Add("/parameters/name", command.Target?.At ?? command.At);
        return Limits(parameters, command, positions, ["cpu", "memory", "storage", "location"]);
    }

    private JsonObject Limits(JsonObject parameters, Command command, CommandPositions positions, string[] keys)
    {
        foreach (var setting in Known(command, keys))
        {
            var key = setting.Key.Text;
            var isAmount = Amounts.Contains(key);
            var owner = parameters;
            if (isAmount && parameters["resources"] is JsonObject resources)
                owner = resources;
            else if (isAmount)
                parameters["resources"] = owner = [];
            // cpu=2 is the amount '2': amounts are texts on the wire.
            owner[key] = key is "pids" or "idle_minutes" ? JsonNodes.From(setting.Value) : setting.Written;
            positions.Add((isAmount ? "/parameters/resources/" : "/parameters/") + key, setting.ValueAt);
        }

        return parameters;
    }

    private IEnumerable<Setting> Known(Command command, string[] keys) => Known(command, keys, faults);

    /// <summary>The settings that the command has; the others are faults.</summary>
    public static IEnumerable<Setting> Known(Command command, string[] keys, ICollection<Fault> faults)
    {
        foreach (var setting in command.Settings)
        {
            if (keys.Contains(setting.Key.Text))
                yield return setting;
            else
                faults.Add(new Fault(
                    PlanFault.Syntax, $"this command has no '{PlainText.Clean(setting.Key.Text, 40)}'", setting.Key.At.ToString(),
                    Nearest.Advice(setting.Key.Text, keys, "keys")));
        }
    }
}

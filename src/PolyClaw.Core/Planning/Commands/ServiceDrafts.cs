using System.Globalization;
using System.Text.Json.Nodes;
using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Planning.Commands;

/// <summary>The parameters of commands about services.</summary>
internal sealed class ServiceDrafts(ICollection<Fault> faults)
{
    private static readonly string[] Amounts = ["cpu", "memory", "storage", "pids"];
    private static readonly string[] Targets = ["concurrency", "latency_ms", "cpu"];

    // What is text on the wire, however it is written: image=42 is the image '42'.
    private static readonly string[] Texts = ["image", "kind", "strategy", "health_path", "volume", "on", "location", "path", "cpu", "memory", "storage"];

    private static readonly string[] OfDeploy =
        ["image", "replicas", .. Amounts, "kind", "strategy", "weight", "port", "health_path", "args", "env", "needs", "migration", "volume", "on", "location"];

    public JsonObject Deploy(Command command, CommandPositions positions)
    {
        var parameters = Named(command, positions, OfDeploy, inside: key => Amounts.Contains(key) ? "resources" : null);
        // blue-green is how people write it.
        if (parameters["strategy"] is JsonValue strategy)
            parameters["strategy"] = strategy.GetValue<string>().Replace('-', '_').ToLowerInvariant();
        return parameters;
    }

    public JsonObject Validate(Command command, CommandPositions positions) => Named(command, positions, ["path", "requests", "max_latency_ms"]);

    public JsonObject Autoscale(Command command, CommandPositions positions)
    {
        var parameters = Named(command, positions, ["to", "min", "max", .. Targets], inside: key => Targets.Contains(key) ? "target" : null, texts: []);
        return parameters;
    }

    public JsonObject Shift(Command command, CommandPositions positions)
    {
        var parameters = Named(command, positions, ["weight"]);
        var to = command.To!;
        if (int.TryParse(to.Text.TrimStart('v', 'V'), NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            parameters["version"] = version;
        else
            faults.Add(new Fault(PlanFault.Syntax, $"'{PlainText.Clean(to.Text, 40)}' is no version", to.At.ToString(), "a number such as 2, as 'services show' lists them"));
        positions.Add("/parameters/version", to.At);
        return parameters;
    }

    public JsonObject Named(Command command, CommandPositions positions, string[] keys) => Named(command, positions, keys, _ => null, Texts);

    private JsonObject Named(Command command, CommandPositions positions, string[] keys, Func<string, string?> inside, string[]? texts = null)
    {
        var parameters = new JsonObject { ["name"] = command.Target!.Text };
        positions.Add("/parameters/name", command.Target.At);
        foreach (var setting in DraftMaker.Known(command, keys, faults))
        {
            var key = setting.Key.Text;
            var owner = parameters;
            if (inside(key) is { } group)
            {
                if (parameters[group] is not JsonObject members)
                    parameters[group] = members = [];
                owner = members;
            }

            owner[key] = (texts ?? Texts).Contains(key) ? setting.Written : JsonNodes.From(setting.Value);
            positions.Add(inside(key) is { } at ? $"/parameters/{at}/{key}" : $"/parameters/{key}", setting.ValueAt);
        }

        return parameters;
    }
}

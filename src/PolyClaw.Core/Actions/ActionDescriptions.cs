using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using PolyClaw.Core.Servers;
using PolyClaw.Core.Services;

namespace PolyClaw.Core.Actions;

/// <summary>The words that a planner reads beside the generated schemas, and the bounds that types cannot state.</summary>
internal static class ActionDescriptions
{
    private const string NotThereYet = "not there yet and refused: leave out";
    private const string Location = "name of an engine in the settings; leave out for the local one";

    private static readonly Dictionary<(Type, string), string> Words = new()
    {
        [(typeof(PlanAction.CheckResourceAvailability), "resources")] = "what should fit; leave out to ask what is free",
        [(typeof(PlanAction.CheckResourceAvailability), "location")] = Location,
        [(typeof(ServerSpec), "name")] = "lower-case letters, digits and '-', 1 to 63 characters",
        [(typeof(ServerSpec), "source")] = "where the server comes from; kind 'host' reserves capacity that services are placed on",
        [(typeof(ServerSpec), "resources")] = "limits; leave out for the defaults",
        [(typeof(ServerSpec), "network")] = "'none' or left out",
        [(typeof(ServerSpec), "env")] = "plain environment variables",
        [(typeof(ServerSpec), "secrets")] = NotThereYet,
        [(typeof(ServerSpec), "idle_minutes")] = "minutes without a call until it is stopped, 1 to 1440; it wakes on use",
        [(typeof(ServerSpec), "location")] = Location,
        [(typeof(ServerResources), "cpu")] = "'500m', '0.5' or '2'",
        [(typeof(ServerResources), "memory")] = "'128Mi', '1Gi' or bytes",
        [(typeof(ServerResources), "storage")] = "as memory",
        [(typeof(ServerResources), "pids")] = "most processes and threads",
        [(typeof(ServerSource.Image), "image")] = "image reference of an MCP server that speaks on stdio",
        [(typeof(ServerSource.Image), "args")] = "arguments, one item each; never a shell line",
        [(typeof(ServerSource.Tools), "tools")] = "1 to 64 tools",
        [(typeof(ServerSource.Tools), "files")] = "files the code reads with host.readText(name)",
        [(typeof(ServerSource.Remote), "url")] = "address of an MCP endpoint over HTTP",
        [(typeof(ToolCode), "name")] = "letters, digits, '_', '.' and '-'",
        [(typeof(ToolCode), "description")] = "what it does",
        [(typeof(ToolCode), "input_schema")] = "JSON Schema of the arguments, type object",
        [(typeof(ToolCode), "code")] = "one JavaScript function expression, (input, host) => output",
        [(typeof(ToolCode), "language")] = "'javascript'; leave out",
        [(typeof(ToolCode), "output_schema")] = "JSON Schema of the result",
        [(typeof(ToolCode), "examples")] = "calls that must work before the server counts as ready",
        [(typeof(ToolExample), "input")] = "arguments",
        [(typeof(ToolExample), "output")] = "the result they must give, if known",
        [(typeof(ServerFile), "name")] = "the name the code uses",
        [(typeof(ServerFile), "text")] = "the content itself; or give 'from'",
        [(typeof(ServerFile), "from")] = "name of a file that came with the goal; or give 'text'",
        [(typeof(PlanAction.CallTool), "server")] = "name of a server; no reference",
        [(typeof(PlanAction.CallTool), "tool")] = "name of its tool; no reference",
        [(typeof(PlanAction.CallTool), "arguments")] = "object that the tool's input schema accepts; ${step.path} takes an earlier step's data",
        [(typeof(PlanAction.DecommissionMcpServer), "name")] = "name of a server",
        [(typeof(ServiceSpec), "name")] = "lower-case letters, digits and '-', 1 to 63 characters; one that exists gets a next version",
        [(typeof(ServiceSpec), "image")] = "image reference; leave out for the one that the settings name for this service",
        [(typeof(ServiceSpec), "replicas")] = "1 to 1000, default 1",
        [(typeof(ServiceSpec), "resources")] = "limits of each replica; default cpu 500m, memory 256Mi",
        [(typeof(ServiceSpec), "kind")] = "'stateless' (default) or 'stateful'",
        [(typeof(ServiceSpec), "strategy")] = "how it takes the place of the version before: 'rolling' (default), 'blue_green' or 'canary'",
        [(typeof(ServiceSpec), "weight")] = "for a canary: first share of the traffic in percent",
        [(typeof(ServiceSpec), "port")] = "TCP port it listens on in its container, default 8080",
        [(typeof(ServiceSpec), "health_path")] = "path that answers 200 when it is well, default /healthz",
        [(typeof(ServiceSpec), "args")] = "arguments, one item each; never a shell line",
        [(typeof(ServiceSpec), "env")] = "plain environment variables",
        [(typeof(ServiceSpec), "needs")] = "services that have to be healthy first",
        [(typeof(ServiceSpec), "migration")] = "for a stateful service: true when two versions may run side by side",
        [(typeof(ServiceSpec), "volume")] = "for a stateful service: folder in its container whose data outlives its versions, such as /data",
        [(typeof(ServiceSpec), "on")] = "name of a host server it is placed on",
        [(typeof(ServiceSpec), "location")] = "name of an engine in the settings; leave out for the local one",
        [(typeof(PlanAction.ValidateService), "name")] = "name of a service",
        [(typeof(PlanAction.ValidateService), "path")] = "path that is asked for, default its health path",
        [(typeof(PlanAction.ValidateService), "requests")] = "1 to 1000, default 20",
        [(typeof(PlanAction.ValidateService), "max_latency_ms")] = "p95 that is accepted, in milliseconds",
        [(typeof(PlanAction.ShiftTraffic), "name")] = "name of a service",
        [(typeof(PlanAction.ShiftTraffic), "version")] = "number of a version that ran before",
        [(typeof(PlanAction.ShiftTraffic), "weight")] = "its first share of the traffic in percent, default 100: all at once",
        [(typeof(PlanAction.Autoscale), "name")] = "name of a service",
        [(typeof(PlanAction.Autoscale), "to")] = "a number of replicas to have at once",
        [(typeof(PlanAction.Autoscale), "min")] = "the fewest replicas; 0 lets it sleep until a request comes",
        [(typeof(PlanAction.Autoscale), "max")] = "the most replicas",
        [(typeof(PlanAction.Autoscale), "target")] = "what its number of replicas follows",
        [(typeof(ScalingTargets), "concurrency")] = "requests under way at one replica",
        [(typeof(ScalingTargets), "latency_ms")] = "p95 of the answers in milliseconds",
        [(typeof(ScalingTargets), "cpu")] = "percent of a replica's CPU limit",
        [(typeof(PlanAction.DeleteService), "name")] = "name of a service",
        [(typeof(PlanAction.AskUser), "question")] = "in plain words, at most 2000 characters",
        [(typeof(PlanAction.AskUser), "choices")] = "answers to choose from; leave out for free text",
        [(typeof(PlanAction.Report), "text")] = "Markdown; ${step.path} writes an earlier step's data into it",
        [(typeof(PlanAction.Report), "name")] = "file name, default report.md",
        [(typeof(PlanAction.Done), "summary")] = "one or two sentences for the person who asked; ${step.path} may stand in it",
        [(typeof(PlanAction.Done), "expect")] = "conditions that must hold for the goal to count as reached",
        [(typeof(Expectation), "value")] = "a reference such as ${totals.rows}",
        [(typeof(Expectation), "schema")] = "JSON Schema that the value must satisfy",
    };

    public static string Summary(string name) => name switch
    {
        ActionNames.CheckResourceAvailability => "Asks what CPU, memory, storage and servers are free, and whether something fits.",
        ActionNames.CreateMcpServer => "Makes a child MCP server: from tool code that you write, from an image, or from a remote address.",
        ActionNames.CallTool => "Calls a tool of a child server.",
        ActionNames.DecommissionMcpServer => "Removes a child server and what it holds.",
        ActionNames.DeployService => "Brings a service or its next version into being: replicas of an image behind the gateway.",
        ActionNames.ValidateService => "Looks whether a service is well: requests, logs and figures.",
        ActionNames.ShiftTraffic => "Gives a version of a service that ran before the traffic, or a first share of it.",
        ActionNames.Autoscale => "Says how many replicas a service has, or what its number follows.",
        ActionNames.DeleteService => "Removes a service with all its versions.",
        ActionNames.AskUser => "Asks the person a question and waits for the answer, which becomes the step's data.",
        ActionNames.Report => "Writes the run's report, a Markdown file.",
        ActionNames.Done => "Says that the goal is reached. The last step of a whole plan.",
        _ => throw new ArgumentException($"no action is called '{name}'", nameof(name)),
    };

    /// <summary>Adds the words to the fields of an object's schema, and takes out what only costs tokens.</summary>
    public static JsonNode Describe(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (schema is not JsonObject type || type["properties"] is not JsonObject properties)
            return schema;
        foreach (var name in properties.Select(p => p.Key).ToList())
        {
            var field = properties[name] as JsonObject;
            if (field is null)
                properties[name] = field = []; // 'true': any value
            if (field.TryGetPropertyValue("default", out var standard) && standard is null)
                field.Remove("default");
            if (context.TypeInfo.Type == typeof(PlanAction.CallTool) && name == "arguments")
                field["type"] = new JsonArray("object", "null");
            if (Words.TryGetValue((context.TypeInfo.Type, name), out var words))
                field["description"] = words;
        }

        type["additionalProperties"] = false;
        return schema;
    }
}

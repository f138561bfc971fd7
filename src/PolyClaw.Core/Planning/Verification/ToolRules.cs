using System.Text.Json;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Servers;
using PolyClaw.Core.Tools;

namespace PolyClaw.Core.Planning.Verification;

/// <summary>Whether the called tool exists, and whether its arguments fit as far as they are known.</summary>
internal sealed class ToolRules(PlanningRequest request, ISchemaCheck check, FaultList faults)
{
    private static readonly JsonElement NoArguments = JsonGuard.Parse("{}");

    private readonly Dictionary<string, IReadOnlyList<ToolInfo>> _tools =
        request.Servers.GroupBy(s => s.Server).ToDictionary(g => g.Key, g => g.Last().Tools, StringComparer.Ordinal);

    public void Check(Node node, Node? maker)
    {
        if (node.Action is not PlanAction.CallTool call)
            return;
        if (NameRules.CheckTool(call.Tool, node.At("/parameters/tool")) is { } badName)
        {
            faults.Add(badName);
            return;
        }

        if (call.Arguments is { ValueKind: not JsonValueKind.Object })
        {
            faults.Add(PlanFault.BadArguments, "the arguments are no object", node.At("/parameters/arguments"), "{\"name\": value, …}");
            return;
        }

        // An image's or a remote server's tools are known only when it runs; the call is checked again then.
        var tools = maker is not null ? Planned(maker) : _tools.GetValueOrDefault(call.Server);
        if (tools is null)
            return;
        if (tools.FirstOrDefault(t => t.Name == call.Tool) is { } tool)
            CheckArguments(node, call, tool);
        else
            faults.Add(
                PlanFault.UnknownTool, $"the server '{call.Server}' has no tool '{call.Tool}'", node.At("/parameters/tool"),
                Nearest.Advice(call.Tool, [.. tools.Select(t => t.Name)], "tools"));
    }

    private static IReadOnlyList<ToolInfo>? Planned(Node maker) =>
        maker.Action is PlanAction.CreateMcpServer { Spec.Source: ServerSource.Tools tools }
            ? [.. tools.Definitions.Select(t => new ToolInfo(t.Name, t.Description, t.InputSchema, t.OutputSchema))]
            : null;

    private void CheckArguments(Node node, PlanAction.CallTool call, ToolInfo tool)
    {
        var arguments = call.Arguments ?? NoArguments;
        var schema = node.References.Count == 0 ? tool.InputSchema : SchemaRelief.For(tool.InputSchema, arguments);
        foreach (var fault in check.Check(schema, arguments, "/parameters/arguments"))
            faults.Add(fault with { Code = PlanFault.BadArguments, Path = node.At(fault.Path ?? "/parameters/arguments") });
    }
}

using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Schema;
using PolyClaw.Core.Planning;

namespace PolyClaw.Core.Actions;

/// <summary>JSON Schemas of the actions that have a handler, generated from their types. An action without one is in no schema.</summary>
public sealed class ActionSchemas
{
    private readonly FrozenDictionary<string, JsonElement> _schemas;
    private readonly FrozenDictionary<string, string> _summaries;

    /// <summary>Generates the schemas.</summary>
    /// <param name="actions">Wire name → one sentence for the planner, for each action that has a handler.</param>
    /// <exception cref="ArgumentException">A name is unknown.</exception>
    public ActionSchemas(IReadOnlyDictionary<string, string> actions)
    {
        _summaries = actions.ToFrozenDictionary(StringComparer.Ordinal);
        Names = [.. actions.Keys.Order(StringComparer.Ordinal)];
        _schemas = Names.ToFrozenDictionary(name => name, Generate, StringComparer.Ordinal);
    }

    /// <summary>Schemas for some actions with our own sentences.</summary>
    /// <param name="names">Wire names.</param>
    /// <exception cref="ArgumentException">A name is unknown.</exception>
    public static ActionSchemas Of(IEnumerable<string> names) =>
        new(names.Distinct().ToDictionary(name => name, ActionDescriptions.Summary, StringComparer.Ordinal));

    /// <summary>All actions that exist so far.</summary>
    public static ActionSchemas All { get; } = Of(
    [
        ActionNames.CheckResourceAvailability, ActionNames.CreateMcpServer, ActionNames.CallTool, ActionNames.DecommissionMcpServer,
        ActionNames.DeployService, ActionNames.ValidateService, ActionNames.ShiftTraffic, ActionNames.Autoscale, ActionNames.DeleteService,
        ActionNames.AskUser, ActionNames.Report, ActionNames.Done,
    ]);

    /// <summary>Wire names, in ordinal order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>What the action does, in one sentence.</summary>
    /// <param name="name">Wire name, one of <see cref="Names"/>.</param>
    public string Summary(string name) => _summaries[name];

    /// <summary>Schema of the action's parameters.</summary>
    /// <param name="name">Wire name, one of <see cref="Names"/>.</param>
    public JsonElement Of(string name) => _schemas[name];

    private static JsonElement Generate(string name)
    {
        var type = ActionFormat.ParametersType(name) ?? throw new ArgumentException($"no action is called '{name}'", nameof(name));
        var schema = type.GetJsonSchemaAsNode(new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = ActionDescriptions.Describe,
        });
        return JsonNodes.ToElement(schema);
    }
}

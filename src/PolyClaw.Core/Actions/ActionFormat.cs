using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PolyClaw.Core.Servers;
using PolyClaw.Core.Services;

namespace PolyClaw.Core.Actions;

/// <summary>Reads and writes the parameters of an action by the type that its name selects.</summary>
public static class ActionFormat
{
    /// <summary>The JSON contract of an action's parameters, or nothing for an unknown name.</summary>
    /// <param name="actionName">Wire name.</param>
    public static JsonTypeInfo? ParametersType(string actionName) => actionName switch
    {
        ActionNames.CheckResourceAvailability => ActionJson.Default.CheckResourceAvailability,
        ActionNames.CreateMcpServer => ActionJson.Default.ServerSpec,
        ActionNames.CallTool => ActionJson.Default.CallTool,
        ActionNames.DecommissionMcpServer => ActionJson.Default.DecommissionMcpServer,
        ActionNames.DeployService => ActionJson.Default.ServiceSpec,
        ActionNames.ValidateService => ActionJson.Default.ValidateService,
        ActionNames.ShiftTraffic => ActionJson.Default.ShiftTraffic,
        ActionNames.Autoscale => ActionJson.Default.Autoscale,
        ActionNames.DeleteService => ActionJson.Default.DeleteService,
        ActionNames.UndoService => ActionJson.Default.UndoService,
        ActionNames.AskUser => ActionJson.Default.AskUser,
        ActionNames.Report => ActionJson.Default.Report,
        ActionNames.Done => ActionJson.Default.Done,
        _ => null,
    };

    /// <summary>Reads an action.</summary>
    /// <param name="actionName">Wire name; must be known.</param>
    /// <param name="parameters">The parameters object.</param>
    /// <exception cref="JsonException">A field is missing, unknown, doubled or of the wrong type.</exception>
    /// <exception cref="NotSupportedException">A union's <c>kind</c> is missing.</exception>
    /// <exception cref="ArgumentException">The name is unknown.</exception>
    public static PlanAction Read(string actionName, JsonElement parameters)
    {
        var type = ParametersType(actionName) ?? throw new ArgumentException($"no action is called '{actionName}'", nameof(actionName));
        // An ignored member is no unmapped one to the serializer: it would pass over this field in silence.
        if (parameters.ValueKind == JsonValueKind.Object && parameters.TryGetProperty("action_name", out _))
            throw new JsonException("action_name is no parameter: the action's name stands beside the parameters");
        var value = JsonSerializer.Deserialize(parameters, type) ?? throw new JsonException("parameters must be an object");
        return value switch
        {
            ServerSpec spec => new PlanAction.CreateMcpServer(spec),
            ServiceSpec spec => new PlanAction.DeployService(spec),
            _ => (PlanAction)value,
        };
    }

    /// <summary>Writes an action's parameters.</summary>
    /// <param name="action">The action.</param>
    public static JsonElement WriteParameters(PlanAction action) => action switch
    {
        PlanAction.CheckResourceAvailability a => JsonSerializer.SerializeToElement(a, ActionJson.Default.CheckResourceAvailability),
        PlanAction.CreateMcpServer a => JsonSerializer.SerializeToElement(a.Spec, ActionJson.Default.ServerSpec),
        PlanAction.CallTool a => JsonSerializer.SerializeToElement(a, ActionJson.Default.CallTool),
        PlanAction.DecommissionMcpServer a => JsonSerializer.SerializeToElement(a, ActionJson.Default.DecommissionMcpServer),
        PlanAction.DeployService a => JsonSerializer.SerializeToElement(a.Spec, ActionJson.Default.ServiceSpec),
        PlanAction.ValidateService a => JsonSerializer.SerializeToElement(a, ActionJson.Default.ValidateService),
        PlanAction.ShiftTraffic a => JsonSerializer.SerializeToElement(a, ActionJson.Default.ShiftTraffic),
        PlanAction.Autoscale a => JsonSerializer.SerializeToElement(a, ActionJson.Default.Autoscale),
        PlanAction.DeleteService a => JsonSerializer.SerializeToElement(a, ActionJson.Default.DeleteService),
        PlanAction.UndoService a => JsonSerializer.SerializeToElement(a, ActionJson.Default.UndoService),
        PlanAction.AskUser a => JsonSerializer.SerializeToElement(a, ActionJson.Default.AskUser),
        PlanAction.Report a => JsonSerializer.SerializeToElement(a, ActionJson.Default.Report),
        PlanAction.Done a => JsonSerializer.SerializeToElement(a, ActionJson.Default.Done),
        _ => throw new UnreachableException(),
    };
}

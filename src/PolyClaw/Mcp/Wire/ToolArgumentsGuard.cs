using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using PolyClaw.Core.Goals;

namespace PolyClaw.Mcp.Wire;

/// <summary>
/// Checks a call's arguments before the tool sees them, and answers with every fault at once as a tool error: what the calling model
/// reads, and can mend its call by.
/// </summary>
internal sealed class ToolArgumentsGuard(IToolArgumentsCheck check)
{
    private const string NotAnObject = "polyclaw.arguments_kind";
    private const int MostFaults = 20;

    /// <summary>Arguments that are no object never reach a tool: the library fails on them before any filter of calls is asked.</summary>
    public static void SetAside(MessageContext context)
    {
        if (context.JsonRpcMessage is not JsonRpcRequest { Method: RequestMethods.ToolsCall, Params: JsonObject parameters }
            || parameters["arguments"] is not { } arguments || arguments is JsonObject)
            return;
        context.Items[NotAnObject] = arguments.GetValueKind().ToString().ToLowerInvariant();
        parameters["arguments"] = new JsonObject();
    }

    /// <summary>The error to answer with, or null when the call may go on.</summary>
    public CallToolResult? Judge(RequestContext<CallToolRequestParams> request)
    {
        if (request.MatchedPrimitive is not McpServerTool tool)
            return null; // Unknown: the library says so.
        if (request.JsonRpcRequest.Context?.Items?.TryGetValue(NotAnObject, out var kind) is true)
            return Refusal(tool, [new Fault("schema_mismatch", $"The arguments are a JSON {kind}.", "", "Send a JSON object.")]);

        var faults = check.Check(tool.ProtocolTool, AsElement(request.Params.Arguments));
        return faults.Count == 0 ? null : Refusal(tool, faults);
    }

    private static CallToolResult Refusal(McpServerTool tool, IReadOnlyList<Fault> faults)
    {
        var text = new StringBuilder("The arguments of ").Append(tool.ProtocolTool.Name)
            .Append(" do not fit its input schema; nothing was done.");
        foreach (var fault in faults.Take(MostFaults))
        {
            text.Append('\n').Append(fault.Path is null or "" ? "/" : WireText.Shown(fault.Path, 256))
                .Append(": ").Append(WireText.Shown(fault.Message, 512));
            if (fault.Fix is not null)
                text.Append(" (").Append(WireText.Shown(fault.Fix, 512)).Append(')');
        }

        if (faults.Count > MostFaults)
            text.Append('\n').Append(faults.Count - MostFaults).Append(" more.");
        return new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = text.ToString() }] };
    }

    private static JsonElement AsElement(IDictionary<string, JsonElement>? arguments)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in arguments ?? new Dictionary<string, JsonElement>())
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }
}

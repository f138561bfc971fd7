using System.Text.Json.Nodes;
using PolyClaw.Core.Actions;

namespace PolyClaw.Mcp.Tools;

/// <summary>The input schema of <c>create_server</c>: the action's own, and how long to wait.</summary>
internal static class CreateServerSchema
{
    public static string Text { get; } = Make();

    private static string Make()
    {
        var schema = JsonNode.Parse(ActionSchemas.All.Of(ActionNames.CreateMcpServer).GetRawText())!.AsObject();
        schema["properties"]!["wait_seconds"] = new JsonObject
        {
            ["type"] = "integer",
            ["minimum"] = 0,
            ["maximum"] = 240,
            ["default"] = RunWaiting.DefaultSeconds,
        };
        return schema.ToJsonString();
    }
}

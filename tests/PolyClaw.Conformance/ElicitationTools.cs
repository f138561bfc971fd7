using System.ComponentModel;
using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace PolyClaw.Conformance;

/// <summary>Tools that ask the user in the middle of a call, as sessions of the earlier revisions allow.</summary>
internal sealed class ElicitationTools
{
    [McpServerTool(Name = "test_elicitation"), Description("Asks the user something.")]
    public static Task<string> Ask(McpServer server, [Description("What to ask.")] string message, CancellationToken cancellationToken) =>
        AskAsync(server, message, new()
        {
            ["username"] = new ElicitRequestParams.StringSchema { Description = "User's name" },
            ["email"] = new ElicitRequestParams.StringSchema { Description = "User's email address" },
        }, cancellationToken);

    [McpServerTool(Name = "test_elicitation_sep1034_defaults"), Description("Asks with defaults of every kind.")]
    public static Task<string> Defaults(McpServer server, CancellationToken cancellationToken) =>
        AskAsync(server, "Please review the defaults.", new()
        {
            ["name"] = new ElicitRequestParams.StringSchema { Description = "Name", Default = "John Doe" },
            ["age"] = new ElicitRequestParams.NumberSchema { Type = "integer", Description = "Age", Default = 30 },
            ["score"] = new ElicitRequestParams.NumberSchema { Description = "Score", Default = 95.5 },
            ["status"] = new ElicitRequestParams.UntitledSingleSelectEnumSchema
            {
                Description = "Status",
                Enum = ["active", "inactive", "pending"],
                Default = "active",
            },
            ["verified"] = new ElicitRequestParams.BooleanSchema { Description = "Verified", Default = true },
        }, cancellationToken);

    [McpServerTool(Name = "test_elicitation_sep1330_enums"), Description("Asks for choices of every kind.")]
    public static Task<string> Choices(McpServer server, CancellationToken cancellationToken) =>
        AskAsync(server, "Please choose.", new()
        {
            ["untitledSingle"] = new ElicitRequestParams.UntitledSingleSelectEnumSchema { Enum = ["option1", "option2", "option3"] },
            ["titledSingle"] = new ElicitRequestParams.TitledSingleSelectEnumSchema { OneOf = Titled("First Option", "Second Option", "Third Option") },
#pragma warning disable MCP9001 // The old form of titles, which the suite asks for by name.
            ["legacyEnum"] = new ElicitRequestParams.LegacyTitledEnumSchema
            {
                Enum = ["opt1", "opt2", "opt3"],
                EnumNames = ["Option One", "Option Two", "Option Three"],
            },
#pragma warning restore MCP9001
            ["untitledMulti"] = new ElicitRequestParams.UntitledMultiSelectEnumSchema { Items = new() { Enum = ["option1", "option2", "option3"] } },
            ["titledMulti"] = new ElicitRequestParams.TitledMultiSelectEnumSchema
            {
                Items = new() { AnyOf = Titled("First Choice", "Second Choice", "Third Choice") },
            },
        }, cancellationToken);

    private static List<ElicitRequestParams.EnumSchemaOption> Titled(params string[] titles) =>
        [.. titles.Select((title, i) => new ElicitRequestParams.EnumSchemaOption { Const = $"value{i + 1}", Title = title })];

    private static async Task<string> AskAsync(
        McpServer server, string message, Dictionary<string, ElicitRequestParams.PrimitiveSchemaDefinition> fields, CancellationToken cancellationToken)
    {
        var form = new ElicitRequestParams { Message = message, RequestedSchema = new() { Properties = fields } };
        var answer = await server.ElicitAsync(form, cancellationToken);
        var content = answer.Content is null ? "" : string.Join(", ", answer.Content.Select(field => $"{field.Key}={Raw(field.Value)}"));
        return $"User response: action={answer.Action}, content={content}";
    }

    private static string Raw(JsonElement value) => value.GetRawText();
}

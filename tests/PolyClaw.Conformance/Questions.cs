using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace PolyClaw.Conformance;

/// <summary>What fixture tools ask a client, its user or its model, and how its answers are read.</summary>
internal static class Questions
{
    public static ElicitRequestParams Form(string message, string field, ElicitRequestParams.PrimitiveSchemaDefinition kind) => new()
    {
        Message = message,
        RequestedSchema = new()
        {
            Properties = new Dictionary<string, ElicitRequestParams.PrimitiveSchemaDefinition> { [field] = kind },
            Required = [field],
        },
    };

    public static InputRequest Text(string message, string field) =>
        InputRequest.ForElicitation(Form(message, field, new ElicitRequestParams.StringSchema()));

    public static InputRequest Confirmation() =>
        InputRequest.ForElicitation(Form("Please confirm", "ok", new ElicitRequestParams.BooleanSchema()));

#pragma warning disable MCP9005 // Sampling and roots are deprecated; the suite still asks for them.
    public static InputRequest Completion(string prompt) => InputRequest.ForSampling(Model(prompt));

    public static InputRequest Roots() => InputRequest.ForRootsList(new ListRootsRequestParams());

    public static CreateMessageRequestParams Model(string prompt) => new()
    {
        Messages = [new SamplingMessage { Role = Role.User, Content = [new TextContentBlock { Text = prompt }] }],
        MaxTokens = 100,
    };

    public static string? CompletionOf(InputResponse response) =>
        response.Deserialize(InputResponse.CreateMessageResultJsonTypeInfo)?.Content.OfType<TextContentBlock>().FirstOrDefault()?.Text;

    public static int RootsOf(InputResponse response) => response.Deserialize(InputResponse.ListRootsResultJsonTypeInfo)?.Roots.Count ?? 0;
#pragma warning restore MCP9005

    public static string? FieldOf(InputResponse response, string field) =>
        response.Deserialize(InputResponse.ElicitResultJsonTypeInfo)?.Content?.TryGetValue(field, out var value) is true
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}

using System.Text;
using System.Text.Json;

namespace PolyClaw.ToolServer.Definitions;

/// <summary>Reads the tools of a definition.</summary>
internal static class ToolReader
{
    private const int MaxTools = 512;
    private const int MaxDescriptionBytes = 8 * 1024;
    private const int MaxSchemaBytes = 64 * 1024;
    private const int MaxSchemaDepth = 16;

    public static IReadOnlyList<ToolDefinition> Read(Field list)
    {
        var tools = new List<ToolDefinition>();
        // A client, or a person, that folds case must not reach another tool than the one it meant.
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var item in list.Items(1, MaxTools))
        {
            var fields = item.Members(
                ["name", "description", "input_schema", "language", "code"], ["output_schema", "read_only", "idempotent"]);
            var name = Names.Read(fields["name"]);
            if (!names.TryAdd(name, item.Path))
            {
                throw fields["name"].Wrong($"{names[name]} has this name already, in the same or another case");
            }

            tools.Add(new ToolDefinition(
                name,
                fields["description"].Text(1, MaxDescriptionBytes),
                Schema(fields["input_schema"]),
                Language(fields["language"]),
                fields["code"].Text(1, ToolDefinition.MaxCodeBytes),
                fields.TryGetValue("output_schema", out var output) ? Schema(output) : null,
                !fields.TryGetValue("read_only", out var readOnly) || readOnly.Boolean(),
                !fields.TryGetValue("idempotent", out var idempotent) || idempotent.Boolean()));
        }

        return tools;
    }

    private static string Language(Field field) => field.Text(0, 64) is ToolDefinition.JavaScript
        ? ToolDefinition.JavaScript
        : throw field.Wrong($"unknown language; this build runs \"{ToolDefinition.JavaScript}\"");

    private static JsonElement Schema(Field field)
    {
        var schema = field.Value;
        if (schema.ValueKind != JsonValueKind.Object
            || !schema.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String || !type.ValueEquals("object"))
        {
            throw field.Wrong("must be a JSON Schema with \"type\": \"object\"");
        }

        var bytes = Encoding.UTF8.GetByteCount(schema.GetRawText());
        if (bytes > MaxSchemaBytes)
        {
            throw field.Wrong($"is {bytes} bytes long; {MaxSchemaBytes} are allowed");
        }

        return Depth(schema) <= MaxSchemaDepth ? schema.Clone() : throw field.Wrong($"is deeper than {MaxSchemaDepth} levels");
    }

    // The document's own depth is bounded, so this recursion is too.
    private static int Depth(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => 1 + element.EnumerateObject().Select(p => Depth(p.Value)).DefaultIfEmpty().Max(),
        JsonValueKind.Array => 1 + element.EnumerateArray().Select(Depth).DefaultIfEmpty().Max(),
        _ => 0,
    };
}

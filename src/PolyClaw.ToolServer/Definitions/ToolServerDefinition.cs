// Linked into the app's Containers project too, so that both sides of the wire are one text. It may depend on
// System.Text.Json and nothing else; for that reason all its types stand in this one file.
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PolyClaw.ToolServer.Definitions;

/// <summary>
/// What a ToolServer serves. On the wire: one line of JSON in snake_case, at most
/// <see cref="MaxBytes"/> of UTF-8, first on the server's stdin or alone in a mounted file.
/// </summary>
/// <param name="Version">Version of this form; always <see cref="CurrentVersion"/>.</param>
/// <param name="Name">Name the server gives itself, <c>^[A-Za-z0-9_.-]{1,128}$</c>.</param>
/// <param name="Tools">1 to 512 tools; their names differ in more than case.</param>
/// <param name="Files">Up to 256 files that every tool may read by name; none by default.</param>
/// <param name="Secrets">
/// Up to 64 named values. JavaScript tools cannot reach them: they are here for kinds of tool that will need them.
/// </param>
/// <param name="Limits">What one call may use; <see cref="LimitsDefinition"/>'s defaults if absent.</param>
internal sealed record ToolServerDefinition(
    int Version,
    string Name,
    IReadOnlyList<ToolDefinition> Tools,
    IReadOnlyList<FileDefinition>? Files = null,
    IReadOnlyDictionary<string, string>? Secrets = null,
    LimitsDefinition? Limits = null)
{
    /// <summary>The version written by this build, and the only one it reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The longest definition, in bytes of UTF-8, line end not counted: 8 MiB.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;
}

/// <summary>One tool: what the client is told about it, and its code.</summary>
/// <param name="Name">Its MCP name, <c>^[A-Za-z0-9_.-]{1,128}$</c>.</param>
/// <param name="Description">What it does, for the model; 1 to 8,192 bytes of UTF-8.</param>
/// <param name="InputSchema">JSON Schema of its input, of type <c>object</c>; at most 64 KiB and 16 levels.</param>
/// <param name="Language">Language of <paramref name="Code"/>: <c>javascript</c>.</param>
/// <param name="Code">
/// One function expression, <c>(input, host) =&gt; output</c>, which may be async; at most 102,400 bytes of UTF-8.
/// </param>
/// <param name="OutputSchema">JSON Schema of its output, of type <c>object</c>; none by default. Passed on, not checked.</param>
/// <param name="ReadOnly">Whether the tool is announced as changing nothing. Default true: the code can reach nothing to change.</param>
/// <param name="Idempotent">Whether the tool is announced as safe to call twice. Default true, for the same reason.</param>
internal sealed record ToolDefinition(
    string Name,
    string Description,
    JsonElement InputSchema,
    string Language,
    string Code,
    JsonElement? OutputSchema = null,
    bool ReadOnly = true,
    bool Idempotent = true)
{
    /// <summary>The one language there is.</summary>
    public const string JavaScript = "javascript";

    /// <summary>The longest code of a tool, in bytes of UTF-8: 100 KiB.</summary>
    public const int MaxCodeBytes = 100 * 1024;
}

/// <summary>A text file handed to the tools.</summary>
/// <param name="Name">The name tools read it by: 1 to 255 visible characters.</param>
/// <param name="Text">What is in it.</param>
internal sealed record FileDefinition(string Name, string Text);

/// <summary>What one call may use.</summary>
/// <param name="CallSeconds">Wall-clock seconds until the call's process is killed. Default 10, 1 to 300.</param>
/// <param name="MemoryMib">
/// MiB of managed heap of the call's process, and of all it allocates. Default 256, 16 to 4,096; a server in a smaller
/// container gives less and says so when a call meets it.
/// </param>
/// <param name="OutputBytes">Bytes of UTF-8 of the output's JSON. Default 1 MiB, 1 KiB to 4 MiB.</param>
/// <param name="Statements">Statements the code may run. Default 20,000,000, 1,000 to 1,000,000,000.</param>
internal sealed record LimitsDefinition(
    int CallSeconds = 10,
    int MemoryMib = 256,
    int OutputBytes = 1024 * 1024,
    int Statements = 20_000_000);

/// <summary>Reads and writes the definition's wire form: strict, snake_case, source-generated.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ToolServerDefinition))]
internal sealed partial class ToolServerDefinitionJson : JsonSerializerContext;

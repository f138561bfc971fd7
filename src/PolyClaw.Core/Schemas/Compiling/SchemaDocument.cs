using System.Text.Json;

namespace PolyClaw.Core.Schemas.Compiling;

/// <summary>A JSON document that holds schemas.</summary>
/// <param name="name">The URI it is known by; empty for the schema being compiled.</param>
/// <param name="root">Its whole content.</param>
/// <param name="builtIn">Whether it is one of the meta-schemas, which cost the schema's author nothing.</param>
internal sealed class SchemaDocument(string name, JsonElement root, bool builtIn)
{
    internal string Name => name;

    internal JsonElement Root => root;

    internal bool BuiltIn => builtIn;

    /// <summary>The subschemas read so far, by JSON pointer.</summary>
    internal Dictionary<string, SchemaNode> Nodes { get; } = new(StringComparer.Ordinal);
}

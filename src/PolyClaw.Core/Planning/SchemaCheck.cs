using System.Collections.Concurrent;
using System.Text.Json;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Schemas;

namespace PolyClaw.Core.Planning;

/// <summary>Judges by our validator and keeps what it compiled.</summary>
internal sealed class SchemaCheck : ISchemaCheck
{
    private const int MostKept = 512;

    private readonly ConcurrentDictionary<string, JsonSchema?> _compiled = new(StringComparer.Ordinal);

    public IReadOnlyList<Fault> Check(JsonElement schema, JsonElement instance, string path)
    {
        // A schema that does not compile is a fault of whoever wrote it, named where it stands; no value is at fault for it.
        if (Compile(schema) is not { } compiled)
            return [];
        var result = compiled.Validate(instance);
        return result.Valid ? [] : [.. result.Faults.Select(fault => fault.ToFault(path))];
    }

    private JsonSchema? Compile(JsonElement schema)
    {
        var text = schema.GetRawText();
        if (_compiled.TryGetValue(text, out var known))
            return known;
        if (_compiled.Count >= MostKept)
            _compiled.Clear();
        return _compiled[text] = JsonSchema.TryCompile(schema, SchemaOptions.Default, out var compiled, out _) ? compiled : null;
    }
}

using System.Collections.Frozen;
using System.Text.Json;

namespace PolyClaw.Core.Schemas;

/// <summary>How far a schema is trusted: what it may hold, and what judging a value by it may cost.</summary>
public sealed record SchemaOptions
{
    /// <summary>For schemas of ours and the operator's.</summary>
    public static SchemaOptions Default { get; } = new();

    /// <summary>For schemas that came from a child server: 16 deep, 256 subschemas, no pattern that needs backtracking.</summary>
    public static SchemaOptions Untrusted { get; } = new() { MaxDepth = 16, MaxSubschemas = 256, AllowBacktracking = false };

    /// <summary>For schemas a model wrote for a tool it makes: as <see cref="Untrusted"/>, and a keyword nobody knows is refused.</summary>
    public static SchemaOptions Generated { get; } = Untrusted with { RefuseUnknownKeywords = true };

    /// <summary>Largest schema, in bytes of JSON text. Default 64 KiB.</summary>
    public int MaxSchemaBytes { get; init; } = 64 * 1024;

    /// <summary>How deep subschemas may be nested. Default 64, at most 128.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>How many subschemas there may be, those of referenced documents included and the built-in meta-schemas not. Default 4,096.</summary>
    public int MaxSubschemas { get; init; } = 4096;

    /// <summary>
    /// How many steps one judgement may take; a step is one subschema applied to one value, or work of that order. Default 100,000.
    /// A value that fails is judged a second time to collect its faults, with the same budget again.
    /// </summary>
    public int MaxSteps { get; init; } = 100_000;

    /// <summary>How deep the judged value may be nested. Default 64.</summary>
    public int MaxInstanceDepth { get; init; } = 64;

    /// <summary>How many faults one answer holds. Default 50.</summary>
    public int MaxFaults { get; init; } = 50;

    /// <summary>Whether a keyword that JSON Schema 2020-12 does not define is a fault. Default false: it is ignored, as the standard says.</summary>
    public bool RefuseUnknownKeywords { get; init; }

    /// <summary>
    /// Whether a pattern with lookaround or back references, which cannot run in linear time, is accepted and run with a time limit of 100 ms.
    /// Default true.
    /// </summary>
    public bool AllowBacktracking { get; init; } = true;

    /// <summary>
    /// Documents that a <c>$ref</c> or <c>$schema</c> may name, by absolute URI without fragment. Nothing is ever fetched; the meta-schemas of 2020-12
    /// are always known. Default none.
    /// </summary>
    public IReadOnlyDictionary<string, JsonElement> Documents { get; init; } = FrozenDictionary<string, JsonElement>.Empty;
}

using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using PolyClaw.Core.Schemas.Compiling;
using PolyClaw.Core.Schemas.Evaluating;
using PolyClaw.Core.Schemas.Values;

namespace PolyClaw.Core.Schemas;

/// <summary>
/// A JSON Schema 2020-12, compiled: immutable, safe to share between threads, independent of the document it was read from.
/// It never touches the network, and neither a schema nor a value can make it hang or overflow the stack.
/// </summary>
public sealed class JsonSchema
{
    private readonly SchemaNode _root;
    private readonly DynamicScope _scope;
    private readonly SchemaOptions _options;

    private JsonSchema(SchemaNode root, SchemaOptions options)
    {
        _root = root;
        _scope = new DynamicScope(root.Resource, null);
        _options = options;
    }

    /// <summary>Compiles a schema.</summary>
    /// <param name="schema">An object or a boolean.</param>
    /// <param name="options">Limits and known documents; <see cref="SchemaOptions.Default"/> when null.</param>
    /// <returns>The compiled schema.</returns>
    /// <exception cref="SchemaException">The schema is invalid, over a limit, or refers to what is not known.</exception>
    public static JsonSchema Compile(JsonElement schema, SchemaOptions? options = null) =>
        TryCompile(schema, options, out var compiled, out var faults) ? compiled : throw new SchemaException(faults);

    /// <summary>Compiles a schema, or says everything that is wrong with it.</summary>
    /// <param name="schema">An object or a boolean.</param>
    /// <param name="options">Limits and known documents; <see cref="SchemaOptions.Default"/> when null.</param>
    /// <param name="compiled">The compiled schema, or null.</param>
    /// <param name="faults">What is wrong, at most <see cref="SchemaOptions.MaxFaults"/>; empty on success.</param>
    /// <returns>Whether the schema can be used.</returns>
    public static bool TryCompile(
        JsonElement schema, SchemaOptions? options, [NotNullWhen(true)] out JsonSchema? compiled, out IReadOnlyList<SchemaFault> faults)
    {
        options ??= SchemaOptions.Default;
        var compiler = new SchemaCompiler(options);
        var root = compiler.Compile(schema);
        faults = compiler.Faults;
        compiled = root is null ? null : new JsonSchema(root, options);
        return compiled is not null;
    }

    /// <summary>Judges a value.</summary>
    /// <param name="instance">Any JSON value.</param>
    /// <returns>Whether it is valid, and if not, everything that is wrong with it.</returns>
    /// <exception cref="ArgumentException"><paramref name="instance"/> is no JSON value (<see cref="JsonValueKind.Undefined"/>).</exception>
    public SchemaResult Validate(JsonElement instance)
    {
        if (instance.ValueKind == JsonValueKind.Undefined)
            throw new ArgumentException("There is no JSON value to judge.", nameof(instance));
        if (JsonText.Problem(JsonMarshal.GetRawUtf8Value(instance)) is { } problem)
            return new SchemaResult { Valid = false, Faults = [new SchemaFault("schema_text", "", "", problem)] };

        // Most values are valid: the first pass builds no path and no message, and stops at the first fault.
        var quick = new EvaluationRun(_options, collecting: false);
        if (_root.Evaluate(quick, instance, new Frame(_scope)) && !quick.Exceeded)
            return SchemaResult.Accepted;
        if (quick.Exceeded)
            return quick.Result();

        var thorough = new EvaluationRun(_options, collecting: true);
        _root.Evaluate(thorough, instance, new Frame(_scope));
        return thorough.Result();
    }
}

using System.Text.Json;
using PolyClaw.Core.Schemas.Compiling;
using PolyClaw.Core.Schemas.Evaluating;
using PolyClaw.Core.Schemas.Values;

namespace PolyClaw.Core.Schemas.Keywords;

/// <summary>One keyword of one subschema, ready to be applied.</summary>
internal abstract class Keyword(SchemaNode owner, string name)
{
    internal string Name => name;

    /// <summary>Where it stands in the schema, for a fault.</summary>
    internal string Location => JsonPointer.Append(owner.Location, name);

    /// <summary>The subschemas it applies to the very value it was given, not to a part of it.</summary>
    internal virtual IEnumerable<SchemaNode> InPlace => [];

    /// <summary>The property names it knows, to guess what an unknown one was meant to be.</summary>
    internal virtual IEnumerable<string> PropertyNames => [];

    protected SchemaNode Owner => owner;

    /// <summary>Whether the value is in order. Each fault goes to <paramref name="run"/>.</summary>
    internal abstract bool Evaluate(EvaluationRun run, JsonElement instance, in Frame frame);
}

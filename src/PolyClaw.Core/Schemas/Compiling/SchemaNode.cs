using System.Text.Json;
using PolyClaw.Core.Schemas.Evaluating;
using PolyClaw.Core.Schemas.Keywords;

namespace PolyClaw.Core.Schemas.Compiling;

/// <summary>One compiled subschema: a row of keywords, or a plain yes or no.</summary>
internal sealed class SchemaNode
{
    private readonly Keyword? _constant;
    private Keyword[] _keywords = [];
    private bool _tracks;

    internal SchemaNode(SchemaResource resource, string location, bool? constant = null)
    {
        Resource = resource;
        Location = location;
        Constant = constant;
        _constant = constant == false ? new FalseSchema(this) : null;
    }

    internal SchemaResource Resource { get; }

    /// <summary>Where it stands: <c>#/properties/name</c>, with the document's URI before it when that is another document.</summary>
    internal string Location { get; }

    /// <summary>The answer, when the schema is <c>true</c> or <c>false</c>.</summary>
    internal bool? Constant { get; }

    internal IReadOnlyList<Keyword> Keywords => _keywords;

    /// <summary>Called once, when the keywords are read; references to this node may exist before.</summary>
    /// <param name="keywords">In the order in which they are applied.</param>
    /// <param name="tracks">Whether one of them asks what the others have looked at.</param>
    internal void Complete(Keyword[] keywords, bool tracks) => (_keywords, _tracks) = (keywords, tracks);

    internal bool Evaluate(EvaluationRun run, JsonElement instance, in Frame outer)
    {
        if (!run.Enter(outer))
            return false;
        var valid = _constant is null ? Apply(run, instance, outer) : _constant.Evaluate(run, instance, outer);
        run.Leave();
        return valid;
    }

    private bool Apply(EvaluationRun run, JsonElement instance, in Frame outer)
    {
        var scope = ReferenceEquals(outer.Scope.Resource, Resource) ? outer.Scope : new DynamicScope(Resource, outer.Scope);
        var evaluated = _tracks ? new Evaluated() : outer.Evaluated;
        var frame = outer.With(scope, evaluated);
        var valid = true;
        var lost = false;
        foreach (var keyword in _keywords)
        {
            // When no alternative fits, nobody has looked at what it would have covered: calling that unknown would only mislead.
            if (lost && keyword is (UnevaluatedProperties or UnevaluatedItems))
                continue;
            if (keyword.Evaluate(run, instance, frame))
                continue;
            if (!run.Collecting)
                return false;
            valid = false;
            lost |= keyword is AnyOf;
        }

        if (_tracks && valid)
            outer.Evaluated?.Add(evaluated!);
        return valid;
    }
}

using System.Text.Json;
using PolyClaw.Core.Schemas.Compiling;
using PolyClaw.Core.Schemas.Evaluating;

namespace PolyClaw.Core.Schemas.Keywords;

/// <summary><c>dependentSchemas</c>: where a property is, the whole object satisfies a schema.</summary>
internal sealed class DependentSchemas(SchemaNode owner, string name, (string Property, SchemaNode Schema)[] rules) : Keyword(owner, name)
{
    internal override IEnumerable<SchemaNode> InPlace => rules.Select(rule => rule.Schema);

    internal override bool Evaluate(EvaluationRun run, JsonElement instance, in Frame frame)
    {
        if (instance.ValueKind != JsonValueKind.Object)
            return true;
        var holds = true;
        var searched = instance.GetPropertyCount() / 16;
        foreach (var (property, schema) in rules)
        {
            if (!run.Spend(searched, frame))
                return false;
            if (instance.TryGetProperty(property, out _))
                holds &= schema.Evaluate(run, instance, frame);
            if (!holds && !run.Collecting)
                return false;
        }

        return holds;
    }
}

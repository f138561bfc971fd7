using System.Text.Json;
using PolyClaw.Core.Schemas.Compiling;
using PolyClaw.Core.Schemas.Evaluating;

namespace PolyClaw.Core.Schemas.Keywords;

/// <summary><c>not</c>.</summary>
internal sealed class Not(SchemaNode owner, SchemaNode schema) : Keyword(owner, "not")
{
    internal override IEnumerable<SchemaNode> InPlace => [schema];

    internal override bool Evaluate(EvaluationRun run, JsonElement instance, in Frame frame)
    {
        if (run.Probe(schema, instance, frame.With(null)))
            return run.Fail(this, frame, "is exactly what \"not\" rules out");
        return !run.Exceeded;
    }
}

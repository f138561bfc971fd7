using System.Text.Json;
using PolyClaw.Core.Schemas.Compiling;
using PolyClaw.Core.Schemas.Evaluating;

namespace PolyClaw.Core.Schemas.Keywords;

/// <summary><c>allOf</c>.</summary>
internal sealed class AllOf(SchemaNode owner, SchemaNode[] schemas) : Keyword(owner, "allOf")
{
    internal override IEnumerable<SchemaNode> InPlace => schemas;

    internal override bool Evaluate(EvaluationRun run, JsonElement instance, in Frame frame)
    {
        var holds = true;
        foreach (var schema in schemas)
        {
            holds &= schema.Evaluate(run, instance, frame);
            if (!holds && !run.Collecting)
                return false;
        }

        return holds;
    }
}

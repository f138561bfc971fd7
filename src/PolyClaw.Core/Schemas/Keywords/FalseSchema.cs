using System.Text.Json;
using PolyClaw.Core.Schemas.Compiling;
using PolyClaw.Core.Schemas.Evaluating;

namespace PolyClaw.Core.Schemas.Keywords;

/// <summary>The schema <c>false</c>.</summary>
internal sealed class FalseSchema(SchemaNode owner) : Keyword(owner, "false")
{
    internal override bool Evaluate(EvaluationRun run, JsonElement instance, in Frame frame) =>
        run.Fail(this, frame, "nothing is allowed here", "leave it out");
}

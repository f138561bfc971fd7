using System.Globalization;
using System.Text.Json;
using PolyClaw.Core.Schemas.Compiling;
using PolyClaw.Core.Schemas.Evaluating;

namespace PolyClaw.Core.Schemas.Keywords;

/// <summary><c>unevaluatedItems</c>: judges the items that nothing beside it has looked at. Applied after everything else.</summary>
internal sealed class UnevaluatedItems(SchemaNode owner, SchemaNode schema) : Keyword(owner, "unevaluatedItems")
{
    internal override bool Evaluate(EvaluationRun run, JsonElement instance, in Frame frame)
    {
        if (instance.ValueKind != JsonValueKind.Array)
            return true;
        var holds = true;
        var position = -1;
        foreach (var item in instance.EnumerateArray())
        {
            position++;
            if (frame.Evaluated!.Has(position))
                continue;
            var inside = frame.Child(run.Collecting ? new InstancePath(frame.Path, position.ToString(CultureInfo.InvariantCulture)) : null);
            holds &= schema.Evaluate(run, item, inside);
            if (!holds && !run.Collecting)
                return false;
        }

        frame.Evaluated!.MarkAll();
        return holds;
    }
}

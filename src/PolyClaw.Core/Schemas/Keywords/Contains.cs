using System.Text.Json;
using PolyClaw.Core.Schemas.Compiling;
using PolyClaw.Core.Schemas.Evaluating;
using PolyClaw.Core.Schemas.Values;

namespace PolyClaw.Core.Schemas.Keywords;

/// <summary><c>contains</c> with <c>minContains</c> and <c>maxContains</c>.</summary>
internal sealed class Contains(SchemaNode owner, SchemaNode schema, int least, int? most) : Keyword(owner, "contains")
{
    internal override bool Evaluate(EvaluationRun run, JsonElement instance, in Frame frame)
    {
        if (instance.ValueKind != JsonValueKind.Array)
            return true;
        var (found, position) = (0, 0);
        foreach (var item in instance.EnumerateArray())
        {
            if (run.Probe(schema, item, frame.Child(frame.Path)))
            {
                found++;
                frame.Evaluated?.Mark(position);
            }

            position++;
        }

        if (run.Exceeded)
            return false;
        if (found >= least && (most is null || found <= most))
            return true;
        if (!run.Collecting)
            return false;
        var asked = found < least ? $"at least {JsonText.Count(least, "item", "items")}" : $"at most {JsonText.Count(most!.Value, "item", "items")}";
        return run.Fail(this, frame, $"must hold {asked} of the kind \"contains\" describes, and holds {found}");
    }
}

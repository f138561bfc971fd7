using System.Text.Json;
using PolyClaw.Core.Schemas.Compiling;
using PolyClaw.Core.Schemas.Evaluating;
using PolyClaw.Core.Schemas.Values;

namespace PolyClaw.Core.Schemas.Keywords;

/// <summary><c>dependentRequired</c>: where one property is, others must be.</summary>
internal sealed class DependentRequired(SchemaNode owner, string name, (string Property, string[] Needed)[] rules) : Keyword(owner, name)
{
    internal override bool Evaluate(EvaluationRun run, JsonElement instance, in Frame frame)
    {
        if (instance.ValueKind != JsonValueKind.Object)
            return true;
        var holds = true;
        var searched = instance.GetPropertyCount() / 16;
        foreach (var (property, needed) in rules)
        {
            if (!run.Spend(searched, frame))
                return false;
            if (!instance.TryGetProperty(property, out _))
                continue;
            foreach (var other in needed)
            {
                if (!run.Spend(searched, frame))
                    return false;
                if (instance.TryGetProperty(other, out _))
                    continue;
                if (!run.Collecting)
                    return false;
                holds = run.Fail(this, frame,
                    $"{JsonText.Name(other)} is missing, which {JsonText.Name(property)} needs", $"add {JsonText.Name(other)} or leave out {JsonText.Name(property)}");
            }
        }

        return holds;
    }
}

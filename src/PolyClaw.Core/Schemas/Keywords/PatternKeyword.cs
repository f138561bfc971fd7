using System.Text.Json;
using PolyClaw.Core.Schemas.Compiling;
using PolyClaw.Core.Schemas.Evaluating;
using PolyClaw.Core.Schemas.Values;

namespace PolyClaw.Core.Schemas.Keywords;

/// <summary><c>pattern</c>.</summary>
internal sealed class PatternKeyword(SchemaNode owner, EcmaPattern pattern) : Keyword(owner, "pattern")
{
    internal override bool Evaluate(EvaluationRun run, JsonElement instance, in Frame frame)
    {
        if (instance.ValueKind != JsonValueKind.String || run.IsMatch(pattern, instance.GetString()!, frame))
            return true;
        return run.Collecting && run.Fail(this, frame, $"must match the pattern {JsonText.Shorten(pattern.Source)}, and is {JsonText.Show(instance)}");
    }
}

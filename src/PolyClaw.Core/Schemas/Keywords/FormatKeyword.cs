using System.Text.Json;
using PolyClaw.Core.Schemas.Compiling;
using PolyClaw.Core.Schemas.Evaluating;
using PolyClaw.Core.Schemas.Values;

namespace PolyClaw.Core.Schemas.Keywords;

/// <summary><c>format</c>, where the dialect says it is to be checked.</summary>
internal sealed class FormatKeyword(SchemaNode owner, string format) : Keyword(owner, "format")
{
    internal override bool Evaluate(EvaluationRun run, JsonElement instance, in Frame frame)
    {
        if (instance.ValueKind != JsonValueKind.String || Formats.Holds(format, instance.GetString()!))
            return true;
        return run.Collecting && run.Fail(this, frame, $"must have the format {format}, and is {JsonText.Show(instance)}");
    }
}

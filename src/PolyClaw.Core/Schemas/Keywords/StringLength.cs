using System.Text.Json;
using PolyClaw.Core.Schemas.Compiling;
using PolyClaw.Core.Schemas.Evaluating;
using PolyClaw.Core.Schemas.Values;

namespace PolyClaw.Core.Schemas.Keywords;

/// <summary><c>minLength</c> and <c>maxLength</c>, in characters (code points).</summary>
internal sealed class StringLength(SchemaNode owner, string name, int bound) : Keyword(owner, name)
{
    private readonly bool _upper = name == "maxLength";

    internal override bool Evaluate(EvaluationRun run, JsonElement instance, in Frame frame)
    {
        if (instance.ValueKind != JsonValueKind.String)
            return true;
        var length = JsonText.Length(instance);
        if (_upper ? length <= bound : length >= bound)
            return true;
        return run.Collecting && run.Fail(
            this, frame, $"must have at {(_upper ? "most" : "least")} {JsonText.Count(bound, "character", "characters")}, and has {length}");
    }
}

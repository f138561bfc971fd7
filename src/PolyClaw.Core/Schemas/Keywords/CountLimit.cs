using System.Text.Json;
using PolyClaw.Core.Schemas.Compiling;
using PolyClaw.Core.Schemas.Evaluating;
using PolyClaw.Core.Schemas.Values;

namespace PolyClaw.Core.Schemas.Keywords;

/// <summary><c>minItems</c>, <c>maxItems</c>, <c>minProperties</c> and <c>maxProperties</c>.</summary>
internal sealed class CountLimit(SchemaNode owner, string name, int bound) : Keyword(owner, name)
{
    private readonly bool _upper = name is "maxItems" or "maxProperties";
    private readonly bool _items = name is "minItems" or "maxItems";

    internal override bool Evaluate(EvaluationRun run, JsonElement instance, in Frame frame)
    {
        if (instance.ValueKind != (_items ? JsonValueKind.Array : JsonValueKind.Object))
            return true;
        var count = _items ? instance.GetArrayLength() : instance.GetPropertyCount();
        if (_upper ? count <= bound : count >= bound)
            return true;
        if (!run.Collecting)
            return false;
        var asked = _items ? JsonText.Count(bound, "item", "items") : JsonText.Count(bound, "property", "properties");
        return run.Fail(this, frame, $"must have at {(_upper ? "most" : "least")} {asked}, and has {count}");
    }
}

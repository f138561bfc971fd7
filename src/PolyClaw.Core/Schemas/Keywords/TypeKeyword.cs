using System.Text.Json;
using PolyClaw.Core.Schemas.Compiling;
using PolyClaw.Core.Schemas.Evaluating;
using PolyClaw.Core.Schemas.Values;

namespace PolyClaw.Core.Schemas.Keywords;

/// <summary><c>type</c>.</summary>
internal sealed class TypeKeyword(SchemaNode owner, JsonTypes allowed) : Keyword(owner, "type")
{
    internal override bool Evaluate(EvaluationRun run, JsonElement instance, in Frame frame)
    {
        var holds = instance.ValueKind switch
        {
            JsonValueKind.Object => allowed.HasFlag(JsonTypes.Object),
            JsonValueKind.Array => allowed.HasFlag(JsonTypes.Array),
            JsonValueKind.String => allowed.HasFlag(JsonTypes.String),
            JsonValueKind.True or JsonValueKind.False => allowed.HasFlag(JsonTypes.Boolean),
            JsonValueKind.Null => allowed.HasFlag(JsonTypes.Null),
            JsonValueKind.Number => allowed.HasFlag(JsonTypes.Number)
                || (allowed.HasFlag(JsonTypes.Integer) && ExactNumber.Parse(instance).IsInteger),
            _ => false,
        };
        if (holds)
            return true;
        if (!run.Collecting)
            return false;
        var names = allowed.ToString().ToLowerInvariant().Replace(", ", " or ", StringComparison.Ordinal);
        var found = JsonText.TypeOf(instance);
        var shown = instance.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False
            ? $"the {found} {JsonText.Show(instance)}"
            : $"{(found is "null" ? "" : found[0] is 'a' or 'o' ? "an " : "a ")}{found}";
        return run.Fail(this, frame, $"must be {names}, and is {shown}");
    }
}

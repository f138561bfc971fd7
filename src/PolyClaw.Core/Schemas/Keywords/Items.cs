using System.Globalization;
using System.Text.Json;
using PolyClaw.Core.Schemas.Compiling;
using PolyClaw.Core.Schemas.Evaluating;
using PolyClaw.Core.Schemas.Values;

namespace PolyClaw.Core.Schemas.Keywords;

/// <summary><c>prefixItems</c> and <c>items</c>, in one walk over the array.</summary>
internal sealed class Items(SchemaNode owner, SchemaNode[] prefix, SchemaNode? others) : Keyword(owner, "items")
{
    internal override bool Evaluate(EvaluationRun run, JsonElement instance, in Frame frame)
    {
        if (instance.ValueKind != JsonValueKind.Array)
            return true;
        var holds = true;
        var position = 0;
        foreach (var item in instance.EnumerateArray())
        {
            var schema = position < prefix.Length ? prefix[position] : others;
            if (schema is null)
                break;
            var inside = frame.Child(run.Collecting ? new InstancePath(frame.Path, position.ToString(CultureInfo.InvariantCulture)) : null);
            if (schema.Constant == false && position >= prefix.Length)
            {
                var count = instance.GetArrayLength();
                return run.Fail(this, frame, $"must have at most {JsonText.Count(prefix.Length, "item", "items")}, and has {count}");
            }

            holds &= schema.Evaluate(run, item, inside);
            if (!holds && !run.Collecting)
                return false;
            frame.Evaluated?.Mark(position);
            position++;
        }

        return holds;
    }
}

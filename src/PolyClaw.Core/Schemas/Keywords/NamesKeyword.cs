using System.Text.Json;
using PolyClaw.Core.Schemas.Compiling;
using PolyClaw.Core.Schemas.Evaluating;
using PolyClaw.Core.Schemas.Values;

namespace PolyClaw.Core.Schemas.Keywords;

/// <summary><c>propertyNames</c>: each name, as a string, satisfies a schema.</summary>
internal sealed class NamesKeyword(SchemaNode owner, SchemaNode schema) : Keyword(owner, "propertyNames")
{
    internal override bool Evaluate(EvaluationRun run, JsonElement instance, in Frame frame)
    {
        if (instance.ValueKind != JsonValueKind.Object)
            return true;
        var holds = true;
        foreach (var property in instance.EnumerateObject())
        {
            using var name = JsonDocument.Parse(JsonName.Quote(property));
            if (!run.Collecting)
            {
                if (!schema.Evaluate(run, name.RootElement, frame.Child(null)))
                    return false;
                continue;
            }

            var inside = frame.Child(new InstancePath(frame.Path, property.Name));
            if (run.FaultsOf(schema, name.RootElement, inside) is { } faults)
            {
                holds = false;
                run.Add(faults.Select(fault => fault with { Message = "the property's name " + fault.Message }));
            }
        }

        return holds;
    }
}

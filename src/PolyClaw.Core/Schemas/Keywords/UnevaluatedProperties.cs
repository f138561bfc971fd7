using System.Text.Json;
using PolyClaw.Core.Schemas.Compiling;
using PolyClaw.Core.Schemas.Evaluating;
using PolyClaw.Core.Schemas.Values;

namespace PolyClaw.Core.Schemas.Keywords;

/// <summary><c>unevaluatedProperties</c>: judges the properties that nothing beside it has looked at. Applied after everything else.</summary>
internal sealed class UnevaluatedProperties(SchemaNode owner, SchemaNode schema) : Keyword(owner, "unevaluatedProperties")
{
    internal override bool Evaluate(EvaluationRun run, JsonElement instance, in Frame frame)
    {
        if (instance.ValueKind != JsonValueKind.Object)
            return true;
        var holds = true;
        var position = -1;
        foreach (var property in instance.EnumerateObject())
        {
            position++;
            if (frame.Evaluated!.Has(position))
                continue;
            var inside = frame.Child(run.Collecting ? new InstancePath(frame.Path, property.Name) : null);
            holds &= schema.Constant == false ? Unknown(run, property.Name, inside) : schema.Evaluate(run, property.Value, inside);
            if (!holds && !run.Collecting)
                return false;
        }

        frame.Evaluated!.MarkAll();
        return holds;
    }

    private bool Unknown(EvaluationRun run, string name, in Frame inside)
    {
        if (!run.Collecting)
            return false;
        var meant = ClosestName.Find(name, KnownNames(Owner, []));
        return run.Fail(this, inside, $"the property {JsonText.Name(name)} is not known", meant is null ? "leave it out" : $"did you mean {JsonText.Name(meant)}?");
    }

    private static IEnumerable<string> KnownNames(SchemaNode node, HashSet<SchemaNode> seen) =>
        !seen.Add(node)
            ? []
            : node.Keywords.SelectMany(keyword => keyword.PropertyNames.Concat(keyword.InPlace.SelectMany(other => KnownNames(other, seen))));
}

using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using PolyClaw.Core.Schemas.Compiling;
using PolyClaw.Core.Schemas.Evaluating;
using PolyClaw.Core.Schemas.Values;

namespace PolyClaw.Core.Schemas.Keywords;

/// <summary><c>properties</c>, <c>patternProperties</c> and <c>additionalProperties</c>, in one walk over the object.</summary>
internal sealed class Properties(
    SchemaNode owner, PropertyTable named, (EcmaPattern Pattern, SchemaNode Node)[] patterns, SchemaNode? others) : Keyword(owner, "additionalProperties")
{
    internal override IEnumerable<string> PropertyNames => named.Names;

    internal override bool Evaluate(EvaluationRun run, JsonElement instance, in Frame frame)
    {
        if (instance.ValueKind != JsonValueKind.Object)
            return true;
        var holds = true;
        var position = 0;
        foreach (var property in instance.EnumerateObject())
        {
            holds &= Evaluate(run, property, position++, frame);
            if (!holds && !run.Collecting)
                return false;
        }

        return holds;
    }

    private bool Evaluate(EvaluationRun run, JsonProperty property, int position, in Frame frame)
    {
        var raw = JsonMarshal.GetRawUtf8PropertyName(property);
        if (raw.Contains((byte)'\\'))
            raw = Encoding.UTF8.GetBytes(property.Name);

        var inside = frame.Child(run.Collecting ? new InstancePath(frame.Path, property.Name) : null);
        var (holds, matched) = (true, false);
        if (named.TryFind(raw, out var node))
        {
            matched = true;
            holds = node.Evaluate(run, property.Value, inside);
        }

        if (patterns.Length > 0)
        {
            var name = property.Name;
            foreach (var (pattern, schema) in patterns)
            {
                if (!run.IsMatch(pattern, name, frame))
                    continue;
                matched = true;
                holds &= schema.Evaluate(run, property.Value, inside);
            }
        }

        if (!matched)
        {
            if (others is null)
                return run.Spend(1, frame);
            holds = others.Constant == false ? Unknown(run, property, inside) : others.Evaluate(run, property.Value, inside);
        }

        frame.Evaluated?.Mark(position);
        return holds && !run.Exceeded;
    }

    private bool Unknown(EvaluationRun run, JsonProperty property, in Frame inside)
    {
        if (!run.Collecting)
            return false;
        var meant = ClosestName.Find(property.Name, named.Names);
        var fix = meant is not null ? $"did you mean {JsonText.Name(meant)}?"
            : named.Names.Length is > 0 and <= 20 ? "allowed: " + string.Join(", ", named.Names.Select(JsonText.Shorten))
            : "leave it out";
        return run.Fail(this, inside, $"the property {JsonText.Name(property.Name)} is not known", fix);
    }
}

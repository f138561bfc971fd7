using System.Text;
using System.Text.Json;
using PolyClaw.Core.Schemas.Compiling;
using PolyClaw.Core.Schemas.Evaluating;
using PolyClaw.Core.Schemas.Values;

namespace PolyClaw.Core.Schemas.Keywords;

/// <summary><c>required</c>.</summary>
internal sealed class Required(SchemaNode owner, string[] names) : Keyword(owner, "required")
{
    private readonly byte[][] _names = Array.ConvertAll(names, Encoding.UTF8.GetBytes);

    internal override bool Evaluate(EvaluationRun run, JsonElement instance, in Frame frame)
    {
        if (instance.ValueKind != JsonValueKind.Object)
            return true;
        var holds = true;
        var searched = instance.GetPropertyCount() / 16;
        for (var i = 0; i < _names.Length; i++)
        {
            if (!run.Spend(searched, frame))
                return false;
            if (instance.TryGetProperty(_names[i], out _))
                continue;
            if (!run.Collecting)
                return false;
            holds = run.Fail(this, frame, $"the required property {JsonText.Name(names[i])} is missing", Fix(names[i], instance));
        }

        return holds;
    }

    private string Fix(string name, JsonElement instance)
    {
        var known = names.Concat(Owner.Keywords.SelectMany(keyword => keyword.PropertyNames)).ToHashSet(StringComparer.Ordinal);
        var meant = ClosestName.Find(name, instance.EnumerateObject().Select(property => property.Name).Where(other => !known.Contains(other)));
        return meant is null ? $"add {JsonText.Name(name)}" : $"add {JsonText.Name(name)}; is {JsonText.Name(meant)} meant to be it?";
    }
}

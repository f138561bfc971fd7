using PolyClaw.Core.Schemas.Keywords;

namespace PolyClaw.Core.Schemas.Compiling;

/// <summary>Reads the keywords that judge an object by its properties.</summary>
internal static class ObjectKeywords
{
    internal static void Read(NodeReader reader, List<Keyword> keywords)
    {
        if (reader.Dialect.Validation)
        {
            if (reader.TryTake("required", out var required) && reader.Names("required", required) is { Length: > 0 } names)
                keywords.Add(new Required(reader.Node, names));
            ReadDependentRequired(reader, keywords);
        }

        if (!reader.Dialect.Applicators)
            return;
        var named = reader.SchemaMap("properties");
        var patterns = reader.SchemaMap("patternProperties")
            .Select(each => (Pattern: reader.Pattern("patternProperties", each.Name, each.Name), each.Node))
            .Where(each => each.Pattern is not null)
            .Select(each => (each.Pattern!, each.Node))
            .ToArray();
        var others = reader.Schema("additionalProperties");
        if (named.Length > 0 || patterns.Length > 0 || others is not null)
            keywords.Add(new Properties(reader.Node, new PropertyTable(named), patterns, others));
        if (reader.Schema("propertyNames") is { } nameSchema)
            keywords.Add(new NamesKeyword(reader.Node, nameSchema));
    }

    private static void ReadDependentRequired(NodeReader reader, List<Keyword> keywords)
    {
        if (!reader.IsObject("dependentRequired", out var dependents))
            return;
        var rules = new List<(string, string[])>();
        foreach (var rule in dependents.EnumerateObject())
        {
            if (reader.Names("dependentRequired", rule.Value, rule.Name) is { } needed)
                rules.Add((rule.Name, needed));
        }

        if (rules.Count > 0)
            keywords.Add(new DependentRequired(reader.Node, "dependentRequired", [.. rules]));
    }
}

using System.Text.Json;
using PolyClaw.Core.Schemas.Keywords;

namespace PolyClaw.Core.Schemas.Compiling;

/// <summary>Reads the keywords that apply further schemas to the same value, and the references.</summary>
internal static class LogicKeywords
{
    private static readonly string[] Alternatives = ["anyOf", "oneOf"];
    private static readonly string[] References = ["$ref", "$dynamicRef"];

    internal static void Read(NodeReader reader, List<Keyword> keywords)
    {
        ReadReferences(reader, keywords);
        ReadDefinitions(reader);
        if (!reader.Dialect.Applicators)
            return;
        if (reader.SchemaList("allOf") is { } all)
            keywords.Add(new AllOf(reader.Node, all));
        foreach (var name in Alternatives)
        {
            if (reader.SchemaList(name) is { } some)
                keywords.Add(new AnyOf(reader.Node, name, some));
        }

        if (reader.Schema("not") is { } not)
            keywords.Add(new Not(reader.Node, not));
        var (test, then, otherwise) = (reader.Schema("if"), reader.Schema("then"), reader.Schema("else"));
        if (test is not null)
            keywords.Add(new Conditional(reader.Node, test, then, otherwise));
        if (reader.SchemaMap("dependentSchemas") is { Length: > 0 } dependents)
            keywords.Add(new DependentSchemas(reader.Node, "dependentSchemas", dependents));
        ReadDependencies(reader, keywords);
    }

    internal static void ReadReferences(NodeReader reader, List<Keyword> keywords)
    {
        foreach (var name in References)
        {
            if (!reader.TryText(name, out var text))
                continue;
            var reference = new Reference(reader.Node, name);
            reader.Await(reference, text);
            keywords.Add(reference);
        }
    }

    /// <summary>Definitions judge nothing, but what they hold may have an <c>$id</c> or an anchor that something refers to.</summary>
    internal static void ReadDefinitions(NodeReader reader)
    {
        reader.SchemaMap("$defs");
        if (reader.Dialect.Legacy)
            reader.SchemaMap("definitions");
    }

    /// <summary>
    /// <c>dependencies</c> was <c>dependentRequired</c> and <c>dependentSchemas</c> in one. 2020-12 reserves the name, and schemas that declare
    /// no dialect still use it.
    /// </summary>
    private static void ReadDependencies(NodeReader reader, List<Keyword> keywords)
    {
        if (!reader.IsObject("dependencies", out var dependencies))
            return;
        var required = new List<(string, string[])>();
        var schemas = new List<(string, SchemaNode)>();
        foreach (var rule in dependencies.EnumerateObject())
        {
            if (rule.Value.ValueKind != JsonValueKind.Array)
                schemas.Add((rule.Name, reader.Read(rule.Value, "dependencies", rule.Name)));
            else if (reader.Names("dependencies", rule.Value, rule.Name) is { } needed)
                required.Add((rule.Name, needed));
        }

        keywords.Add(new DependentRequired(reader.Node, "dependencies", [.. required]));
        keywords.Add(new DependentSchemas(reader.Node, "dependencies", [.. schemas]));
    }
}

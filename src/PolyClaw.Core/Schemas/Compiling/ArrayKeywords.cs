using System.Text.Json;
using PolyClaw.Core.Schemas.Keywords;

namespace PolyClaw.Core.Schemas.Compiling;

/// <summary>Reads the keywords that judge an array by its items.</summary>
internal static class ArrayKeywords
{
    internal static void Read(NodeReader reader, List<Keyword> keywords)
    {
        if (!reader.Dialect.Applicators)
            return;

        // Before 2020-12, a list of schemas under "items" was what "prefixItems" is now, and "additionalItems" what "items" is.
        var isList = reader.Dialect.Legacy && reader.TryTake("items", out var items) && items.ValueKind == JsonValueKind.Array;
        var prefix = isList ? reader.SchemaList("items", mayBeEmpty: true) : reader.SchemaList("prefixItems");
        var others = reader.Schema(isList ? "additionalItems" : "items");
        if (prefix is not null || others is not null)
            keywords.Add(new Items(reader.Node, prefix ?? [], others));

        var (least, most) = reader.Dialect.Validation ? (reader.Count("minContains"), reader.Count("maxContains")) : (null, null);
        if (reader.Schema("contains") is { } contained)
            keywords.Add(new Contains(reader.Node, contained, least ?? 1, most));
    }
}

using System.Text.Json;
using PolyClaw.Core.Schemas.Keywords;
using PolyClaw.Core.Schemas.Values;

namespace PolyClaw.Core.Schemas.Compiling;

/// <summary>Reads the keywords that judge a value by itself: type, constants, numbers, strings, counts.</summary>
internal static class AssertionKeywords
{
    private static readonly string[] Limits = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];
    private static readonly string[] Lengths = ["minLength", "maxLength"];
    private static readonly string[] Counts = ["minItems", "maxItems", "minProperties", "maxProperties"];

    internal static void Read(NodeReader reader, List<Keyword> keywords)
    {
        ReadType(reader, keywords);
        if (reader.TryTake("const", out var constant))
            keywords.Add(new EnumKeyword(reader.Node, "const", [constant]));
        ReadEnum(reader, keywords);
        ReadNumbers(reader, keywords);
        foreach (var name in Lengths)
        {
            if (reader.Count(name) is { } bound)
                keywords.Add(new StringLength(reader.Node, name, bound));
        }

        if (reader.TryText("pattern", out var source) && reader.Pattern("pattern", source) is { } pattern)
            keywords.Add(new PatternKeyword(reader.Node, pattern));
        foreach (var name in Counts)
        {
            if (reader.Count(name) is { } bound)
                keywords.Add(new CountLimit(reader.Node, name, bound));
        }

        if (reader.TryTake("uniqueItems", out var unique))
        {
            if (unique.ValueKind == JsonValueKind.True)
                keywords.Add(new UniqueItems(reader.Node));
            else if (unique.ValueKind != JsonValueKind.False)
                reader.Refuse("uniqueItems", $"must be true or false, and is {JsonText.Show(unique)}");
        }
    }

    private static void ReadType(NodeReader reader, List<Keyword> keywords)
    {
        if (!reader.TryTake("type", out var value))
            return;
        var allowed = JsonTypes.None;
        var names = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToArray() : [value];
        foreach (var name in names)
        {
            var type = name.ValueKind == JsonValueKind.String ? TypeNamed(name.GetString()!) : JsonTypes.None;
            if (type == JsonTypes.None || allowed.HasFlag(type))
            {
                reader.Refuse("type", $"holds {JsonText.Show(name)}", "the types are null, boolean, integer, number, string, array and object, each named once");
                return;
            }

            allowed |= type;
        }

        if (allowed == JsonTypes.None)
            reader.Refuse("type", "must name at least one type");
        else
            keywords.Add(new TypeKeyword(reader.Node, allowed));
    }

    private static JsonTypes TypeNamed(string name) => name switch
    {
        "null" => JsonTypes.Null,
        "boolean" => JsonTypes.Boolean,
        "integer" => JsonTypes.Integer,
        "number" => JsonTypes.Number,
        "string" => JsonTypes.String,
        "array" => JsonTypes.Array,
        "object" => JsonTypes.Object,
        _ => JsonTypes.None,
    };

    private static void ReadEnum(NodeReader reader, List<Keyword> keywords)
    {
        if (!reader.TryTake("enum", out var allowed))
            return;
        if (allowed.ValueKind == JsonValueKind.Array)
            keywords.Add(new EnumKeyword(reader.Node, "enum", [.. allowed.EnumerateArray()]));
        else
            reader.Refuse("enum", $"must be an array of the allowed values, and is {JsonText.Show(allowed)}");
    }

    private static void ReadNumbers(NodeReader reader, List<Keyword> keywords)
    {
        foreach (var name in Limits)
        {
            if (!reader.TryTake(name, out var limit))
                continue;
            if (limit.ValueKind == JsonValueKind.Number)
                keywords.Add(new NumberLimit(reader.Node, name, limit));
            else
                reader.Refuse(name, $"must be a number, and is {JsonText.Show(limit)}");
        }

        if (!reader.TryTake("multipleOf", out var divisor))
            return;
        if (divisor.ValueKind != JsonValueKind.Number || !ExactNumber.Parse(divisor).IsPositive)
            reader.Refuse("multipleOf", $"must be a number above 0, and is {JsonText.Show(divisor)}");
        else if (ExactNumber.Parse(divisor).Digits > ExactNumber.MaxDivisibleDigits)
            reader.Refuse("multipleOf", $"must have at most {ExactNumber.MaxDivisibleDigits} digits");
        else
            keywords.Add(new MultipleOf(reader.Node, divisor));
    }
}

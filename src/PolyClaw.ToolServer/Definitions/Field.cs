using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PolyClaw.ToolServer.Definitions;

/// <summary>
/// One value of a definition with its JSON path. Hand-written rather than left to the serializer because its faults
/// must name their place and their cure, and a native build carries no texts of the framework's exceptions.
/// </summary>
internal readonly struct Field(JsonElement value, string path)
{
    public JsonElement Value { get; } = value;
    public string Path { get; } = path;

    public DefinitionException Wrong(string problem) => new(Path, problem);

    /// <summary>The members of an object, by name: all of <paramref name="required"/>, none but those and <paramref name="optional"/>.</summary>
    public Dictionary<string, Field> Members(ReadOnlySpan<string> required, ReadOnlySpan<string> optional)
    {
        var members = Entries();
        foreach (var (name, member) in members)
        {
            if (!required.Contains(name) && !optional.Contains(name))
            {
                throw new DefinitionException(member.Path, $"no such field here; the fields are {string.Join(", ", [.. required, .. optional])}");
            }
        }

        foreach (var name in required)
        {
            if (!members.ContainsKey(name))
            {
                throw new DefinitionException($"{Path}.{name}", "this field is missing");
            }
        }

        return members;
    }

    /// <summary>The members of an object whose names are free.</summary>
    public Dictionary<string, Field> Entries()
    {
        if (Value.ValueKind != JsonValueKind.Object)
        {
            throw Wrong($"must be an object, not {Kind()}");
        }

        var members = new Dictionary<string, Field>(StringComparer.Ordinal);
        foreach (var property in Value.EnumerateObject())
        {
            var path = $"{Path}.{Visible(property.Name)}";
            if (!members.TryAdd(property.Name, new Field(property.Value, path)))
            {
                throw new DefinitionException(path, "this field stands here twice");
            }
        }

        return members;
    }

    public List<Field> Items(int min, int max)
    {
        if (Value.ValueKind != JsonValueKind.Array)
        {
            throw Wrong($"must be an array, not {Kind()}");
        }

        var length = Value.GetArrayLength();
        if (length < min || length > max)
        {
            throw Wrong($"holds {length} items; {min} to {max} are allowed");
        }

        var items = new List<Field>(length);
        foreach (var item in Value.EnumerateArray())
        {
            items.Add(new Field(item, $"{Path}[{items.Count}]"));
        }

        return items;
    }

    public string Text(int minBytes, int maxBytes)
    {
        if (Value.ValueKind != JsonValueKind.String)
        {
            throw Wrong($"must be a string, not {Kind()}");
        }

        string text;
        try
        {
            text = Value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Wrong("holds half of a surrogate pair; it must be well-formed Unicode");
        }

        var bytes = Encoding.UTF8.GetByteCount(text);
        return bytes >= minBytes && bytes <= maxBytes
            ? text
            : throw Wrong($"is {bytes} bytes long; {minBytes} to {maxBytes} are allowed");
    }

    public int Integer(int min, int max) =>
        Value.ValueKind == JsonValueKind.Number && Value.TryGetInt32(out var number) && number >= min && number <= max
            ? number
            : throw Wrong($"must be a whole number from {min} to {max}, not {Kind()}");

    public bool Boolean() => Value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong($"must be true or false, not {Kind()}"),
    };

    /// <summary>The text with everything that could break a line or hide in it shown as U+XXXX, and its length bounded.</summary>
    public static string Visible(string text)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length > 128)
            {
                return shown.Append('…').ToString();
            }

            _ = IsHidden(rune) ? shown.Append(CultureInfo.InvariantCulture, $"<{CodePoint(rune)}>") : shown.Append(rune.ToString());
        }

        return shown.ToString();
    }

    public static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate;

    public static string CodePoint(Rune rune) => string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}");

    private string Kind() => Value.ValueKind switch
    {
        JsonValueKind.String => "a string",
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        JsonValueKind.Null => "null",
        JsonValueKind.Number when Value.GetRawText() is { Length: <= 32 } number => number,
        JsonValueKind.Number => "a number",
        _ => "true or false",
    };
}

using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Planning.References;

/// <summary>Walks a reference's path through a step's data.</summary>
internal static class ReferencePath
{
    private const int KeysShown = 20;

    public static bool TryFollow(JsonElement data, Reference reference, string pointer, out JsonElement value, [NotNullWhen(false)] out Fault? fault)
    {
        value = data;
        for (var i = 0; i < reference.Path.Count; i++)
        {
            var part = reference.Path[i];
            if (Step(value, part) is { } next)
            {
                value = next;
                continue;
            }

            var reached = "${" + reference.StepId + string.Concat(reference.Path.Take(i)) + "}";
            fault = new Fault(
                PlanFault.MissingData, $"{reference}: there is no {part} in {reached}, which is {Kind(value)}", pointer, WhatIsThere(value));
            return false;
        }

        fault = null;
        return true;
    }

    private static JsonElement? Step(JsonElement value, ReferencePart part) => (value.ValueKind, part.Name) switch
    {
        (JsonValueKind.Object, { } name) => value.TryGetProperty(name, out var member) ? member : null,
        (JsonValueKind.Array, null) => part.Index < value.GetArrayLength() ? value[part.Index] : null,
        _ => null,
    };

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => $"a list of {value.GetArrayLength()}",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    private static string WhatIsThere(JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Array)
            return value.GetArrayLength() == 0 ? "the list is empty" : $"items are [0] to [{value.GetArrayLength() - 1}]";
        if (value.ValueKind is not JsonValueKind.Object)
            return "it has no members";
        // The names came from a child: they are shown, never believed.
        var names = new List<string>();
        var count = 0;
        foreach (var property in value.EnumerateObject())
        {
            if (count++ < KeysShown)
                names.Add(NameOf(property));
        }

        return count == 0
            ? "the object is empty"
            : $"there are: {string.Join(", ", names)}{(count > KeysShown ? $" and {count - KeysShown} more" : "")}";
    }

    private static string NameOf(JsonProperty property)
    {
        try
        {
            return PlainText.Clean(property.Name, 64);
        }
        catch (InvalidOperationException) // half of a surrogate pair
        {
            return "?";
        }
    }
}

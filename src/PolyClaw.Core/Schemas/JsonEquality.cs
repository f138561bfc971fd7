using System.Text.Json;
using PolyClaw.Core.Schemas.Values;

namespace PolyClaw.Core.Schemas;

/// <summary>
/// Equality of JSON values as JSON Schema means it: numbers by value (<c>1</c>, <c>1.0</c> and <c>10e-1</c> are one), objects in any order.
/// Values nested deeper than <see cref="MaxDepth"/> are equal to nothing.
/// </summary>
internal static class JsonEquality
{
    /// <summary>Deepest nesting that is compared; the JSON reader's own limit is lower unless somebody raised it.</summary>
    internal const int MaxDepth = 256;

    private const long Unlimited = long.MaxValue;

    /// <summary>Whether two values are the same.</summary>
    internal static bool DeepEquals(JsonElement a, JsonElement b)
    {
        var work = Unlimited;
        return DeepEquals(a, b, ref work);
    }

    /// <summary>Whether two values are the same, within a budget.</summary>
    /// <param name="a">One value.</param>
    /// <param name="b">The other.</param>
    /// <param name="work">Steps left, lowered by what the comparison took; below zero the answer is false and means nothing.</param>
    internal static bool DeepEquals(JsonElement a, JsonElement b, ref long work) => Equal(a, b, ref work, 0);

    /// <summary>A hash that equal values share; seeded by process, so that nobody can choose values that collide.</summary>
    internal static int Hash(JsonElement value, ref long work) => Hash(value, ref work, 0);

    private static bool Equal(JsonElement a, JsonElement b, ref long work, int depth)
    {
        if (a.ValueKind != b.ValueKind || depth > MaxDepth || --work < 0)
            return false;
        switch (a.ValueKind)
        {
            case JsonValueKind.Number:
                return ExactNumber.Parse(a).CompareTo(ExactNumber.Parse(b)) == 0;
            case JsonValueKind.String:
                return a.ValueEquals(b.GetString());
            case JsonValueKind.Array:
                return EqualItems(a, b, ref work, depth);
            case JsonValueKind.Object:
                // Both ways: with a name given twice, one way would take {a, a} for {a, b}.
                return a.GetPropertyCount() == b.GetPropertyCount() && Holds(a, b, ref work, depth) && Holds(b, a, ref work, depth);
            default:
                return true;
        }
    }

    private static bool EqualItems(JsonElement a, JsonElement b, ref long work, int depth)
    {
        if (a.GetArrayLength() != b.GetArrayLength())
            return false;
        var others = b.EnumerateArray();
        foreach (var item in a.EnumerateArray())
        {
            others.MoveNext();
            if (!Equal(item, others.Current, ref work, depth + 1))
                return false;
        }

        return true;
    }

    private static bool Holds(JsonElement whole, JsonElement part, ref long work, int depth)
    {
        var searched = whole.GetPropertyCount() / 8;
        foreach (var property in part.EnumerateObject())
        {
            work = work < searched ? -1 : work - searched;
            if (work < 0 || !whole.TryGetProperty(property.Name, out var other) || !Equal(other, property.Value, ref work, depth + 1))
                return false;
        }

        return true;
    }

    private static int Hash(JsonElement value, ref long work, int depth)
    {
        if (depth > MaxDepth || --work < 0)
            return 0;
        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                return ExactNumber.Parse(value).Hash();
            case JsonValueKind.String:
                return value.GetString()!.GetHashCode(StringComparison.Ordinal);
            case JsonValueKind.Array:
                var items = new HashCode();
                foreach (var item in value.EnumerateArray())
                    items.Add(Hash(item, ref work, depth + 1));
                return items.ToHashCode();
            case JsonValueKind.Object:
                var sum = 0;
                foreach (var property in value.EnumerateObject())
                    sum = unchecked(sum + HashCode.Combine(property.Name, Hash(property.Value, ref work, depth + 1)));
                return HashCode.Combine(value.ValueKind, sum);
            default:
                return (int)value.ValueKind;
        }
    }
}

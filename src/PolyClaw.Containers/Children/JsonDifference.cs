using System.Text.Json;
using PolyClaw.Containers.Children.Listing;
using PolyClaw.Core.Goals;

namespace PolyClaw.Containers.Children;

/// <summary>Tells where two JSON values differ, for a reader who must mend one of them.</summary>
internal static class JsonDifference
{
    /// <summary>Adds one fault for each place, until there are enough.</summary>
    public static void Collect(JsonElement expected, JsonElement actual, string path, List<Fault> faults, int max)
    {
        if (faults.Count >= max || JsonElement.DeepEquals(expected, actual))
            return;
        if (expected.ValueKind == JsonValueKind.Object && actual.ValueKind == JsonValueKind.Object)
            CollectMembers(expected, actual, path, faults, max);
        else if (expected.ValueKind == JsonValueKind.Array && actual.ValueKind == JsonValueKind.Array && expected.GetArrayLength() == actual.GetArrayLength())
            CollectItems(expected, actual, path, faults, max);
        else
            faults.Add(new Fault("example_failed", $"expected {Show(expected)}, got {Show(actual)}", path));
    }

    private static void CollectMembers(JsonElement expected, JsonElement actual, string path, List<Fault> faults, int max)
    {
        foreach (var member in expected.EnumerateObject())
        {
            var place = $"{path}/{Pointer(member.Name)}";
            if (actual.TryGetProperty(member.Name, out var found))
                Collect(member.Value, found, place, faults, max);
            else if (faults.Count < max)
                faults.Add(new Fault("example_failed", $"expected {Show(member.Value)}, got nothing", place));
        }

        foreach (var member in actual.EnumerateObject())
        {
            if (faults.Count < max && !expected.TryGetProperty(member.Name, out _))
                faults.Add(new Fault("example_failed", $"expected nothing, got {Show(member.Value)}", $"{path}/{Pointer(member.Name)}"));
        }
    }

    private static void CollectItems(JsonElement expected, JsonElement actual, string path, List<Fault> faults, int max)
    {
        for (var i = 0; i < expected.GetArrayLength(); i++)
            Collect(expected[i], actual[i], $"{path}/{i}", faults, max);
    }

    private static string Pointer(string name) => PlainText.Quote(name).Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static string Show(JsonElement value)
    {
        var text = value.GetRawText();
        return PlainText.Quote(text.Length > 120 ? text[..120] + "…" : text);
    }
}

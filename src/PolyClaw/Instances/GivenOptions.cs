using System.Collections;
using System.Security.Cryptography;
using System.Text;

namespace PolyClaw.Instances;

/// <summary>The options that a process was started with, so that an instance can name those of a client that are not in force.</summary>
internal static class GivenOptions
{
    private const string Prefix = "POLYCLAW__";

    /// <summary>Read by the instance without our prefix, because every other program reads it by this name.</summary>
    private const string ModelKey = "OPENAI_API_KEY";

    /// <summary>Each option's name with a digest of its value. Values stay here.</summary>
    public static IReadOnlyDictionary<string, string> Current { get; } = Of(Environment.GetEnvironmentVariables());

    public static IReadOnlyDictionary<string, string> Of(IDictionary variables)
    {
        var options = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in variables)
            if (entry is { Key: string name, Value: string value } && value.Length > 0
                && (name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || name == ModelKey))
                options[name] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)))[..16];
        return options;
    }

    /// <summary>The names that one has and the other has not, or with another value.</summary>
    public static IReadOnlyList<string> Differences(IReadOnlyDictionary<string, string> ours, IReadOnlyDictionary<string, string> theirs) =>
        [.. ours.Keys.Union(theirs.Keys, StringComparer.Ordinal)
            .Where(name => !ours.TryGetValue(name, out var mine) || !theirs.TryGetValue(name, out var other) || mine != other)
            .Order(StringComparer.Ordinal)];
}

using System.Text.Json;
using PolyClaw.Core.Schemas;

namespace PolyClaw.Core.Tests.Schemas;

/// <summary>The official JSON Schema test suite, read from the data that lies beside the repository.</summary>
internal static class OfficialSuite
{
    private static readonly string? Folder = Find();

    private static readonly Lazy<Dictionary<string, JsonElement>> Remotes = new(() =>
    {
        var root = Path.Combine(Folder!, "remotes");
        return Directory.EnumerateFiles(root, "*.json", SearchOption.AllDirectories).ToDictionary(
            file => "http://localhost:1234/" + Path.GetRelativePath(root, file).Replace('\\', '/'),
            file => Load(file));
    });

    /// <summary>Why the suite cannot run, or null.</summary>
    internal static string? Missing => Folder is null ? "../shared/data/json-schema-test-suite is not beside this repository" : null;

    /// <summary>The required files by name; one empty name when the suite is missing, so that the theory can say so.</summary>
    internal static string[] RequiredFiles() => Files("*.json", SearchOption.TopDirectoryOnly);

    internal static string[] OptionalFiles() => Files("optional/*.json", SearchOption.TopDirectoryOnly);

    internal static string[] OptionalFormatFiles() => Files("optional/format/*.json", SearchOption.TopDirectoryOnly);

    /// <summary>Runs a file: how many cases there are, and which did not come out as they must.</summary>
    internal static (int Cases, List<string> Wrong) Run(string file)
    {
        var (cases, wrong) = (0, new List<string>());
        var options = new SchemaOptions { Documents = Remotes.Value };
        foreach (var group in Load(Path.Combine(Folder!, "tests", "draft2020-12", file)).EnumerateArray())
        {
            var compiled = JsonSchema.TryCompile(group.GetProperty("schema"), options, out var schema, out var faults);
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                cases++;
                var name = $"{file}: {group.GetProperty("description")}: {test.GetProperty("description")}";
                if (!compiled)
                {
                    wrong.Add($"{name}: {string.Join("; ", faults)}");
                    continue;
                }

                var result = schema!.Validate(test.GetProperty("data"));
                if (result.Valid != test.GetProperty("valid").GetBoolean() || result.BudgetExceeded || result.Valid != (result.Faults.Count == 0))
                    wrong.Add($"{name}: {(result.Valid ? "valid" : string.Join("; ", result.Faults))}");
            }
        }

        return (cases, wrong);
    }

    private static string[] Files(string pattern, SearchOption depth)
    {
        if (Folder is null)
            return [""];
        var tests = Path.Combine(Folder, "tests", "draft2020-12");
        return [.. Directory.EnumerateFiles(tests, pattern, depth).Select(file => Path.GetRelativePath(tests, file)).Order(StringComparer.Ordinal)];
    }

    private static JsonElement Load(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return document.RootElement.Clone();
    }

    private static string? Find()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        while (here is not null && !File.Exists(Path.Combine(here.FullName, "PolyClaw.slnx")))
            here = here.Parent;
        if (here is null)
            return null;
        var folder = Path.Combine(here.FullName, "..", "shared", "data", "json-schema-test-suite");
        return Directory.Exists(folder) ? folder : null;
    }
}

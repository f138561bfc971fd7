using System.Text.Json;
using PolyClaw.Containers.Children.Wire;
using PolyClaw.Core.Schemas;
using PolyClaw.Core.Tools;

namespace PolyClaw.Containers.Children.Listing;

/// <summary>Collects tools page by page. A tool that cannot be used is left out with a warning; it never spoils the others.</summary>
internal sealed class ListingReader
{
    private const int MaxWarnings = 100;
    private readonly List<ListedTool> _tools = [];
    private readonly Dictionary<string, int> _names = new(StringComparer.OrdinalIgnoreCase);
    private int _seen;

    /// <summary>What was wrong so far.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Takes a page.</summary>
    /// <returns>False when there is room for no more.</returns>
    public bool Take(JsonElement tools)
    {
        foreach (var tool in tools.EnumerateArray())
        {
            if (++_seen > ChildLimits.Tools)
            {
                Warnings.Add($"the server lists more than {ChildLimits.Tools} tools; the rest was not read");
                return false;
            }

            Take(tool, _seen);
        }

        return true;
    }

    /// <summary>The tools whose names are theirs alone. Of two with one name neither is taken: nobody could tell which was meant.</summary>
    public IReadOnlyList<ListedTool> Sound() => [.. _tools.Where(tool => _names[tool.Info.Name] == 1)];

    private void Take(JsonElement tool, int position)
    {
        if (tool.ValueKind != JsonValueKind.Object || !tool.TryGetProperty("name"u8, out var named) || named.ValueKind != JsonValueKind.String)
        {
            Warn($"tool {position} has no name; left out");
            return;
        }

        var name = named.GetString()!;
        if (!IsName(name))
        {
            Warn($"tool {position}, '{PlainText.Quote(name)}', has no name of the form ^[A-Za-z0-9_.-]{{1,128}}$; left out");
            return;
        }

        var count = _names[name] = _names.GetValueOrDefault(name) + 1;
        if (count > 1)
        {
            if (count == 2)
                Warn($"the name '{name}' is given to more than one tool; all of them are left out");
            return;
        }

        if (Schema(tool, "inputSchema", name, out var input, out var judgesInput) && input is { } arguments
            && Schema(tool, "outputSchema", name, out var output, out var judgesOutput))
        {
            var info = WithHints(new ToolInfo(name, Description(tool, name), arguments, output), tool);
            _tools.Add(new ListedTool(info, judgesInput, judgesOutput));
        }
    }

    private bool Schema(JsonElement tool, string field, string name, out JsonElement? schema, out JsonSchema? judge)
    {
        schema = null;
        judge = null;
        if (!tool.TryGetProperty(field, out var given))
        {
            if (field == "inputSchema")
                Warn($"tool '{name}' has no inputSchema; left out");
            return field != "inputSchema";
        }

        if (SchemaText.Problem(given) is { } problem)
        {
            Warn($"tool '{name}' is left out: its {field} {problem}");
            return false;
        }

        var clean = SchemaText.Clean(given, out var hidden);
        if (hidden)
            Warn($"hidden characters were taken out of the {field} of tool '{name}'");
        schema = clean;
        if (SchemaText.Compile(clean, out judge) is not { } fault)
            return true;
        if (fault.Code == "schema_too_large")
        {
            Warn($"tool '{name}' is left out: its {field}: {PlainText.Quote(fault.ToString())}");
            return false;
        }

        Warn($"values of the {field} of tool '{name}' go unchecked: {PlainText.Quote(fault.ToString())}");
        return true;
    }

    private string? Description(JsonElement tool, string name)
    {
        if (!tool.TryGetProperty("description"u8, out var given) || given.ValueKind != JsonValueKind.String)
            return null;
        var text = PlainText.Clean(given.GetString()!, ChildLimits.DescriptionBytes, out var hidden, out var cut);
        if (hidden)
            Warn($"hidden characters were taken out of the description of tool '{name}'");
        if (cut)
            Warn($"the description of tool '{name}' was cut at {ChildLimits.DescriptionBytes} bytes");
        return text;
    }

    private static ToolInfo WithHints(ToolInfo info, JsonElement tool)
    {
        if (!tool.TryGetProperty("annotations"u8, out var hints) || hints.ValueKind != JsonValueKind.Object)
            return info;
        var readOnly = Hint(hints, "readOnlyHint") ?? false;
        return info with
        {
            ReadOnly = readOnly,
            Idempotent = Hint(hints, "idempotentHint") ?? false,
            Destructive = !readOnly && (Hint(hints, "destructiveHint") ?? true),
        };
    }

    private static bool? Hint(JsonElement hints, string name) =>
        !hints.TryGetProperty(name, out var hint) ? null
        : hint.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        };

    private static bool IsName(string name)
    {
        if (name.Length is 0 or > 128)
            return false;
        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('_' or '.' or '-'))
                return false;
        }

        return true;
    }

    private void Warn(string warning)
    {
        if (Warnings.Count < MaxWarnings)
            Warnings.Add(warning);
    }
}

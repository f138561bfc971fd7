using System.Text.Json;
using System.Text.Json.Nodes;
using PolyClaw.Core.Goals;

namespace PolyClaw.Core.Planning.Commands;

/// <summary>
/// A file that describes a child server: <c>create_server</c>'s arguments without <c>name</c>, in JSON. A tool may name a file with its
/// code (<c>code_file</c>) and a file may name its content (<c>from_file</c>), both relative to the spec file's own folder.
/// </summary>
public static class ServerSpecFile
{
    private const int MostReferences = 256;

    /// <summary>
    /// The names of the files that a spec refers to, as the goal would name them: what a client must send along. Names that climb out of
    /// what the goal names are left out, and a file that is no spec refers to none; the planner then says what is wrong.
    /// </summary>
    /// <param name="specName">The spec file's name in the goal, for example <c>samples/sales/server.json</c>.</param>
    /// <param name="specText">Its content.</param>
    public static IReadOnlyList<string> ReferencedFiles(string specName, string specText)
    {
        var faults = new List<Fault>();
        return Parse(specName, specText, faults) is not { } spec
            ? []
            : [.. References(spec).Select(r => GoalPath.Resolve(specName, r.File)).OfType<string>().Distinct().Take(MostReferences)];
    }

    /// <summary>Reads a spec and puts the code in place of its file's name.</summary>
    /// <param name="specName">The spec file's name among the goal's files.</param>
    /// <param name="files">The goal's files.</param>
    /// <param name="faults">Receives what is wrong, with the file and the JSON pointer in it.</param>
    /// <returns>The parameters of <c>create_mcp_server</c> but the name, or nothing when the file cannot be read at all.</returns>
    internal static JsonObject? Read(string specName, IGoalFiles files, ICollection<Fault> faults)
    {
        if (!files.TryReadText(specName, out var text))
        {
            faults.Add(new Fault(PlanFault.BadSpecFile, "the file is no UTF-8 text", specName, "a server spec in JSON"));
            return null;
        }

        if (Parse(specName, text, faults) is not { } spec)
            return null;
        if (spec.ContainsKey("name"))
            faults.Add(new Fault(PlanFault.BadSpecFile, "the name comes from the command", $"{specName}: /name", "take 'name' out of the file"));
        foreach (var reference in References(spec).ToList())
            Replace(reference, specName, files, faults);
        return spec;
    }

    private static JsonObject? Parse(string specName, string text, ICollection<Fault> faults)
    {
        if (text.Length > PlanLimits.AnswerBytes)
        {
            faults.Add(new Fault(PlanFault.TooLarge, $"a server spec of {text.Length} characters", specName, $"at most {PlanLimits.AnswerBytes}"));
            return null;
        }

        try
        {
            var value = JsonGuard.Parse(text);
            if (JsonGuard.Check(value, PlanLimits.Depth, specName) is { } fault)
                faults.Add(fault);
            else if (value.ValueKind is JsonValueKind.Object)
                return JsonObject.Create(value);
            else
                faults.Add(new Fault(PlanFault.BadSpecFile, "the file holds no JSON object", specName, "{\"source\": {…}}"));
        }
        catch (JsonException e)
        {
            faults.Add(new Fault(
                PlanFault.BadSpecFile, "not valid JSON: " + JsonGuard.Reason(e), $"{specName}: line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}"));
        }

        return null;
    }

    private static IEnumerable<FileReference> References(JsonObject spec)
    {
        if (spec["source"] is not JsonObject source)
            yield break;
        foreach (var (list, field, target) in new[] { ("tools", "code_file", "code"), ("files", "from_file", "from") })
        {
            if (source[list] is not JsonArray items)
                continue;
            for (var i = 0; i < items.Count; i++)
            {
                if (items[i] is JsonObject item && item[field] is JsonValue value && value.TryGetValue<string>(out var file))
                    yield return new FileReference(item, field, target, file, $"/source/{list}/{i}/{field}");
            }
        }
    }

    private static void Replace(FileReference reference, string specName, IGoalFiles files, ICollection<Fault> faults)
    {
        var (item, field, target, file, pointer) = reference;
        var at = $"{specName}: {pointer}";
        item.Remove(field);
        if (item.ContainsKey(target))
            faults.Add(new Fault(PlanFault.BadSpecFile, $"'{target}' and '{field}' both stand here", at, "keep one"));
        else if (GoalPath.Resolve(specName, file) is not { } resolved)
            faults.Add(new Fault(PlanFault.UnknownFile, $"'{PlainText.Show(file)}' is absolute or climbs out of what the goal names", at, "a path relative to the spec file"));
        else if (GoalPath.Find(files, resolved) is not { } name)
            faults.Add(new Fault(PlanFault.UnknownFile, $"the file '{PlainText.Show(resolved)}' did not come with the goal", at, Nearest.Advice(resolved, [.. files.All.Select(f => f.Name)], "files")));
        else if (target == "from")
            item[target] = name;
        else if (files.TryReadText(name, out var code))
            item[target] = code;
        else
            faults.Add(new Fault(PlanFault.BadSpecFile, $"'{PlainText.Show(name)}' is no UTF-8 text", at, "JavaScript in UTF-8"));
    }

    private sealed record FileReference(JsonObject Item, string Field, string Target, string File, string At);
}

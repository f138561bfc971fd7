using System.Text;
using System.Text.Json;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Schemas;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Planning.Verification;

/// <summary>What can be said of a server spec before anybody judges its size or tries its code.</summary>
internal static class SpecRules
{
    public static void Check(Node node, ServerSpec spec, IGoalFiles files, FaultList faults)
    {
        if (NameRules.CheckServer(spec.Name, node.At("/parameters/name")) is { } fault)
            faults.Add(fault);
        if (spec.Source is ServerSource.Tools tools)
        {
            CheckTools(node, tools.Definitions, faults);
            CheckFiles(node, tools.Files ?? [], files, faults);
        }
    }

    private static void CheckTools(Node node, IReadOnlyList<ToolCode> tools, FaultList faults)
    {
        const string At = "/parameters/source/tools";
        if (tools.Count is 0 or > ToolCodeLimits.Tools)
            faults.Add(PlanFault.BadParameters, $"{tools.Count} tools", node.At(At), $"1 to {ToolCodeLimits.Tools}");
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < tools.Count; i++)
        {
            var tool = tools[i];
            if (NameRules.CheckTool(tool.Name, node.At($"{At}/{i}/name")) is { } fault)
                faults.Add(fault);
            else if (!names.Add(tool.Name))
                faults.Add(PlanFault.BadName, $"two tools are called '{tool.Name}'", node.At($"{At}/{i}/name"), "give each its own name");
            if (tool.Language != "javascript")
                faults.Add(PlanFault.BadParameters, $"language '{PlainText.Show(tool.Language)}'", node.At($"{At}/{i}/language"), "javascript");
            if (Encoding.UTF8.GetByteCount(tool.Code) is var code && (code > ToolCodeLimits.CodeBytes || string.IsNullOrWhiteSpace(tool.Code)))
                faults.Add(PlanFault.BadParameters, $"the code has {code} bytes", node.At($"{At}/{i}/code"), $"one function expression of at most {ToolCodeLimits.CodeBytes} bytes");
            if (Encoding.UTF8.GetByteCount(tool.Description) is var description and > ToolCodeLimits.DescriptionBytes)
                faults.Add(PlanFault.BadParameters, $"the description has {description} bytes", node.At($"{At}/{i}/description"), $"at most {ToolCodeLimits.DescriptionBytes} bytes");
            CheckSchema(node, tool.InputSchema, $"{At}/{i}/input_schema", faults);
            if (tool.OutputSchema is { } output)
                CheckSchema(node, output, $"{At}/{i}/output_schema", faults);
            if (!IsObjectSchema(tool.InputSchema))
                faults.Add(PlanFault.BadParameters, "the input schema does not say that arguments are an object", node.At($"{At}/{i}/input_schema"), "{\"type\": \"object\", \"properties\": {…}}");
        }
    }

    private static void CheckSchema(Node node, JsonElement schema, string pointer, FaultList faults)
    {
        if (!JsonSchema.TryCompile(schema, SchemaOptions.Generated, out _, out var wrong))
            faults.AddRange(wrong.Select(w => w.ToFault() with { Code = PlanFault.BadParameters, Path = node.At(pointer + w.Path) }));
    }

    private static bool IsObjectSchema(JsonElement schema) =>
        schema.ValueKind is JsonValueKind.Object
        && schema.TryGetProperty("type", out var type)
        && type.ValueKind is JsonValueKind.String && type.ValueEquals("object");

    private static void CheckFiles(Node node, IReadOnlyList<ServerFile> files, IGoalFiles goalFiles, FaultList faults)
    {
        const string At = "/parameters/source/files";
        if (files.Count > ToolCodeLimits.Files)
            faults.Add(PlanFault.TooLarge, $"{files.Count} files", node.At(At), $"at most {ToolCodeLimits.Files}");
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < files.Count; i++)
        {
            var file = files[i];
            if (!names.Add(file.Name))
                faults.Add(PlanFault.BadName, $"two files are called '{PlainText.Show(file.Name)}'", node.At($"{At}/{i}/name"), "give each its own name");
            if (file.Text is null == file.From is null)
                faults.Add(PlanFault.BadParameters, "a file has exactly one of 'text' and 'from'", node.At($"{At}/{i}"), "\"from\": a file that came with the goal");
            else if (file.From is { } from && !goalFiles.All.Any(f => f.Name == from))
                faults.Add(PlanFault.UnknownFile, $"no file '{PlainText.Show(from)}' came with the goal", node.At($"{At}/{i}/from"), Nearest.Advice(from, [.. goalFiles.All.Select(f => f.Name)], "files"));
        }
    }
}

using System.Text;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Names;
using PolyClaw.Core.Servers;

namespace PolyClaw.Core.Policy.Rules;

/// <summary>What tool code may look like before anything runs it: how many tools, their names, their sizes, their files.</summary>
internal sealed class ToolCodeRule : IPolicyRule
{
    public string Name => "tool_code";

    public IEnumerable<Fault> Judge(GateRequest request, PolicyContext context) =>
        request.Action is PlanAction.CreateMcpServer { Spec.Source: ServerSource.Tools source }
            ? OfTools(source.Definitions).Concat(OfFiles(source.Files ?? []))
            : [];

    private static IEnumerable<Fault> OfTools(IReadOnlyList<ToolCode> tools)
    {
        if (tools.Count is 0 or > ToolCodeLimits.Tools)
            yield return new Fault("", $"{tools.Count} tools", "/source/tools", $"1 to {ToolCodeLimits.Tools} tools");
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Math.Min(tools.Count, ToolCodeLimits.Tools); i++)
        {
            var (tool, path) = (tools[i], $"/source/tools/{i}");
            if (ToolName.Check(tool.Name, path + "/name") is { } fault)
                yield return fault;
            if (!names.Add(tool.Name))
                yield return new Fault("", $"{CodePoints.Show(tool.Name)} names two tools", path + "/name", "a name of its own for each tool");
            if (tool.Language is not (null or "javascript"))
                yield return new Fault("", $"no tool can be written in {CodePoints.Show(tool.Language)}", path + "/language", "javascript");
            if (Encoding.UTF8.GetByteCount(tool.Code) is var code and (0 or > ToolCodeLimits.CodeBytes))
                yield return new Fault("", $"the code has {code} bytes", path + "/code", $"1 to {ToolCodeLimits.CodeBytes} bytes");
            if (Encoding.UTF8.GetByteCount(tool.Description) is var description and > ToolCodeLimits.DescriptionBytes)
                yield return new Fault("", $"the description has {description} bytes", path + "/description", $"at most {ToolCodeLimits.DescriptionBytes} bytes");
        }
    }

    private static IEnumerable<Fault> OfFiles(IReadOnlyList<ServerFile> files)
    {
        if (files.Count > ToolCodeLimits.Files)
            yield return new Fault("", $"{files.Count} files", "/source/files", $"at most {ToolCodeLimits.Files} files");
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Math.Min(files.Count, ToolCodeLimits.Files); i++)
        {
            var (file, path) = (files[i], $"/source/files/{i}");
            if (!names.Add(file.Name))
                yield return new Fault("", $"{CodePoints.Show(file.Name)} names two files", path + "/name", "a name of its own for each file");
            if ((file.Text is null) == (file.From is null))
                yield return new Fault("", $"file {CodePoints.Show(file.Name)} needs exactly one of text and from", path, "its content in text, or in from the name of a file that came with the goal");
        }
    }
}

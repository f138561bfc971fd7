using System.Text.Json;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Servers;
using PolyClaw.ToolServer.Definitions;

namespace PolyClaw.Containers.Children;

/// <summary>Writes the line that tells a ToolServer what to serve.</summary>
internal static class DefinitionLine
{
    /// <summary>Writes it, line end included.</summary>
    /// <param name="name">The server's name.</param>
    /// <param name="source">Its tools and files.</param>
    /// <param name="files">What came with the goal.</param>
    /// <param name="faults">What is missing or too large, all of it; empty when the line can be used.</param>
    public static ReadOnlyMemory<byte> Write(string name, ServerSource.Tools source, IGoalFiles files, out IReadOnlyList<Fault> faults)
    {
        var wrong = new List<Fault>();
        var contents = new List<FileDefinition>();
        for (var i = 0; i < (source.Files?.Count ?? 0); i++)
        {
            if (Content(source.Files![i], files, $"/source/files/{i}", wrong) is { } text)
                contents.Add(new FileDefinition(source.Files[i].Name, text));
        }

        var tools = source.Definitions.Select(tool => new ToolDefinition(
            tool.Name, tool.Description, tool.InputSchema, tool.Language, tool.Code, tool.OutputSchema));
        faults = wrong;
        if (wrong.Count > 0)
            return default;

        var definition = new ToolServerDefinition(ToolServerDefinition.CurrentVersion, name, [.. tools], contents);
        var line = JsonSerializer.SerializeToUtf8Bytes(definition, ToolServerDefinitionJson.Default.ToolServerDefinition);
        if (line.Length > ToolServerDefinition.MaxBytes)
        {
            wrong.Add(new Fault(
                "files_too_large",
                $"the tools and their files make {line.Length} bytes; a server takes {ToolServerDefinition.MaxBytes}",
                "/source/files",
                "hand in fewer or smaller files"));
            return default;
        }

        return (byte[])[.. line, (byte)'\n'];
    }

    private static string? Content(ServerFile file, IGoalFiles files, string path, List<Fault> wrong)
    {
        if (file.Text is not null == file.From is not null)
        {
            wrong.Add(new Fault("file_content", $"file '{file.Name}' has {(file.Text is null ? "no content" : "two contents")}", path, "give exactly one of text and from"));
            return null;
        }

        if (file.From is null)
            return file.Text;
        if (files.TryReadText(file.From, out var text))
            return text;
        var there = files.All.Count == 0 ? "no file came with the goal" : "the files are " + string.Join(", ", files.All.Take(20).Select(f => f.Name));
        wrong.Add(new Fault("file_unknown", $"no text file '{file.From}' came with the goal", path + "/from", there));
        return null;
    }
}

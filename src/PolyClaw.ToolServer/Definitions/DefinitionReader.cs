using System.Text;
using System.Text.Json;

namespace PolyClaw.ToolServer.Definitions;

/// <summary>Reads a definition, or says where it is wrong.</summary>
internal static class DefinitionReader
{
    private const int MaxFiles = 256;

    /// <exception cref="DefinitionException">The bytes are no definition that can be served.</exception>
    public static ToolServerDefinition Read(ReadOnlyMemory<byte> json)
    {
        using var document = Parse(json);
        var root = new Field(document.RootElement, "$");
        var fields = root.Members(["version", "name", "tools"], ["files", "secrets", "limits"]);
        if (fields["version"].Value.ValueKind != JsonValueKind.Number || fields["version"].Integer(int.MinValue, int.MaxValue) != ToolServerDefinition.CurrentVersion)
        {
            throw fields["version"].Wrong($"this build reads version {ToolServerDefinition.CurrentVersion} only");
        }

        return new ToolServerDefinition(
            ToolServerDefinition.CurrentVersion,
            Names.Read(fields["name"]),
            ToolReader.Read(fields["tools"]),
            fields.TryGetValue("files", out var files) ? Files(files) : [],
            fields.TryGetValue("secrets", out var secrets) ? Secrets(secrets) : null,
            fields.TryGetValue("limits", out var limits) ? Limits(limits) : new LimitsDefinition());
    }

    /// <summary>A list of files, in a definition or handed in with a call.</summary>
    public static IReadOnlyList<FileDefinition> Files(Field list)
    {
        var files = new List<FileDefinition>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in list.Items(0, MaxFiles))
        {
            var fields = item.Members(["name", "text"], []);
            var name = Names.ReadFile(fields["name"]);
            if (!names.Add(name))
            {
                throw fields["name"].Wrong("an earlier file has this name");
            }

            files.Add(new FileDefinition(name, fields["text"].Text(0, ToolServerDefinition.MaxBytes)));
        }

        return files;
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        if (json.Span.StartsWith(Encoding.UTF8.Preamble))
        {
            json = json[Encoding.UTF8.Preamble.Length..];
        }

        try
        {
            return JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 32 });
        }
        catch (JsonException fault)
        {
            var place = $"line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}";
            throw new DefinitionException("$", $"not JSON, or deeper than 32 levels, at {place}; one JSON object on one line is expected");
        }
    }

    private static Dictionary<string, string> Secrets(Field field)
    {
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in field.Entries())
        {
            if (name.Length is 0 or > 128 || char.IsAsciiDigit(name[0]) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            {
                throw value.Wrong("a secret's name must match ^[A-Za-z_][A-Za-z0-9_]{0,127}$");
            }

            secrets.Add(name, value.Text(0, 8 * 1024));
        }

        return secrets.Count <= 64 ? secrets : throw field.Wrong($"holds {secrets.Count} secrets; 64 are allowed");
    }

    private static LimitsDefinition Limits(Field field)
    {
        var fields = field.Members([], ["call_seconds", "memory_mib", "output_bytes", "statements"]);
        var standard = new LimitsDefinition();
        return new LimitsDefinition(
            fields.TryGetValue("call_seconds", out var seconds) ? seconds.Integer(1, 300) : standard.CallSeconds,
            fields.TryGetValue("memory_mib", out var memory) ? memory.Integer(16, 4096) : standard.MemoryMib,
            fields.TryGetValue("output_bytes", out var output) ? output.Integer(1024, 4 * 1024 * 1024) : standard.OutputBytes,
            fields.TryGetValue("statements", out var statements) ? statements.Integer(1000, 1_000_000_000) : standard.Statements);
    }
}

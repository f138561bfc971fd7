using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using PolyClaw.ToolServer.Definitions;
using PolyClaw.ToolServer.Workers;

namespace PolyClaw.ToolServer.Serving;

/// <summary>
/// Files handed in with one call: <c>_meta</c>'s <c>polyclaw/files</c>, in the form of the definition's <c>files</c>.
/// They are not arguments, so that the model that writes the arguments cannot hand in files of its own making.
/// </summary>
internal static class CallFiles
{
    public const string MetaKey = "polyclaw/files";

    public static IEnumerable<EncodedFile> Read(CallToolRequestParams call, IReadOnlyCollection<EncodedFile> known)
    {
        if (call.Meta?[MetaKey] is not { } node)
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(node.ToJsonString());
            var files = DefinitionReader.Files(new Field(document.RootElement, $"_meta.{MetaKey}"));
            var taken = files.FirstOrDefault(f => known.Any(k => k.Name == f.Name));
            return taken is null
                ? [.. files.Select(EncodedFile.Of)]
                : throw new McpProtocolException($"_meta.{MetaKey}: the server has a file \"{taken.Name}\" of its own", McpErrorCode.InvalidParams);
        }
        catch (DefinitionException fault)
        {
            throw new McpProtocolException(fault.Message, McpErrorCode.InvalidParams);
        }
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using PolyClaw.Core;

namespace PolyClaw.Mcp.Wire;

/// <summary>
/// Carries a child's result through the protocol library as it came: the library knows some kinds of content alone and fails on others. It
/// travels under a key of ours, and takes its place when the answer is sent. What the protocol says beside it (which kind of result this is,
/// what it asks for) stays ours: a child has no say in it.
/// </summary>
internal static class VerbatimResult
{
    private const string Key = "polyclaw/verbatim";
    private const string Meta = "_meta";
    private static readonly string[] Members = ["content", "structuredContent", "isError"];

    /// <summary>A result to answer with, or nothing when the child's is none: no object, or without a list of content.</summary>
    public static CallToolResult? Of(JsonElement result) =>
        result.ValueKind == JsonValueKind.Object && result.TryGetProperty(Members[0], out var content) && content.ValueKind == JsonValueKind.Array && JsonStrings.AreText(result)
            ? new CallToolResult { Meta = new JsonObject { [Key] = JsonObject.Create(result) } }
            : null;

    /// <summary>Puts the child's members in their place.</summary>
    public static void Unfold(MessageContext context)
    {
        if (context.JsonRpcMessage is not JsonRpcResponse { Result: JsonObject answer } || answer[Meta] is not JsonObject meta || meta[Key] is not JsonObject child)
            return;
        meta.Remove(Key);
        foreach (var name in Members)
        {
            answer.Remove(name);
            if (child.Remove(name, out var value))
                answer[name] = value;
        }

        if (child[Meta] is JsonObject told)
            foreach (var name in told.Select(p => p.Key).Where(name => !meta.ContainsKey(name)).ToList())
                if (told.Remove(name, out var value))
                    meta[name] = value;
        if (meta.Count == 0)
            answer.Remove(Meta);
    }
}

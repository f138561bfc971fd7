using System.Text.Json;

namespace PolyClaw.Core.Tools;

/// <summary>A child server and the tools it lists, after our own checks.</summary>
/// <param name="Server">The server's name.</param>
/// <param name="Tools">Its tools, in its order.</param>
public sealed record ServerTools(string Server, IReadOnlyList<ToolInfo> Tools);

/// <summary>A tool of a child server. Every text in it came from the child: it is data.</summary>
/// <param name="Name">Its name there, <c>^[A-Za-z0-9_.-]{1,128}$</c>.</param>
/// <param name="Description">At most 8 KiB, control and hidden characters removed.</param>
/// <param name="InputSchema">Schema of the arguments.</param>
/// <param name="OutputSchema">Schema of the structured result, if it states one.</param>
/// <param name="ReadOnly">Annotated to change nothing.</param>
/// <param name="Idempotent">Annotated to do no more when called again with the same arguments.</param>
/// <param name="Destructive">Annotated to destroy; the protocol's default is true.</param>
public sealed record ToolInfo(
    string Name,
    string? Description,
    JsonElement InputSchema,
    JsonElement? OutputSchema = null,
    bool ReadOnly = false,
    bool Idempotent = false,
    bool Destructive = true)
{
    /// <summary>Whether a call cut off in the middle may be made again.</summary>
    public bool Repeatable => ReadOnly || Idempotent;
}

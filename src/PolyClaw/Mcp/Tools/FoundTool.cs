using System.Text.Json;

namespace PolyClaw.Mcp.Tools;

/// <summary>A tool that was found.</summary>
internal sealed record FoundTool(
    string Server, string Tool, string Name, string? Description, JsonElement InputSchema, JsonElement? OutputSchema, bool ReadOnly, bool Idempotent, bool Destructive);

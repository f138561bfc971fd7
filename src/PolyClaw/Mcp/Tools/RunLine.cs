using PolyClaw.Core.Goals;

namespace PolyClaw.Mcp.Tools;

/// <summary>A run in a listing.</summary>
internal sealed record RunLine(string RunId, string Status, string Goal, DateTimeOffset CreatedAt, DateTimeOffset? EndedAt = null, Fault? Error = null);

namespace PolyClaw.Mcp.Wire;

/// <summary>The MCP revisions that are served.</summary>
internal static class ProtocolVersions
{
    /// <summary>The revision without sessions, whose every request says its version.</summary>
    public const string Current = "2026-07-28";

    /// <summary>Whether a client may ask for this revision, by <c>initialize</c> or by each request.</summary>
    public static bool IsServed(string version) =>
        version is Current or "2025-11-25" or "2025-06-18" or "2025-03-26" or "2024-11-05";
}

namespace PolyClaw.Mcp.Tools;

/// <summary>Ranked tools, best first.</summary>
/// <param name="Tools">The tools.</param>
/// <param name="Known">How many tools there are in all.</param>
internal sealed record ToolPage(IReadOnlyList<FoundTool> Tools, int Known);

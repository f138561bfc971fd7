using PolyClaw.Core.Schemas;
using PolyClaw.Core.Tools;

namespace PolyClaw.Containers.Children.Listing;

/// <summary>A tool, and its schemas made ready to judge by.</summary>
/// <param name="Info">What others see of it.</param>
/// <param name="Input">Judges arguments; nothing when its schema is of a kind that cannot be judged by here.</param>
/// <param name="Output">Judges structured results; nothing when there is none to judge by.</param>
internal sealed record ListedTool(ToolInfo Info, JsonSchema? Input, JsonSchema? Output);
